/**
 * What no lesson enters or takes so far, each with its reason: states by id, transitions by source, event and guard. A test sees
 * to it that nothing else stays idle, and that nothing stands here that a lesson has come to use.
 */

export const STATES_NOT_ENTERED: Readonly<Record<string, readonly string[]>> = {
  'no browser of ours sends anything but a GET': ['webserver.refusing'],
};

export const TRANSITIONS_NOT_TAKEN: Readonly<Record<string, readonly string[]>> = {
  'no endpoint in the lessons breaks off in the very milliseconds of a probe': ['healthchecker.asking disconnected'],
  'lessons type names of other computers, and names only': [
    'browser.checkingCache  isUntypable',
    'browser.checkingCache  isAddress',
    'browser.connecting.choosing  isHere',
  ],
  'in the lesson on IPv6 both answers come in one turn': [
    'browser.lookingUp.weighing',
    'browser.lookingUp.lingering after resolutionDelay',
    'browser.connecting.attempting found',
    'browser.connecting.waiting found',
  ],
  'a web server that takes a connection answers, and sensibly': [
    'browser.requesting disconnected isOurs',
    'browser.requesting after pagePatience',
    'browser.reading  isNoHttp',
    'browser.reading  isRedirectTooMany',
    'webserver.reading  isNoRequest',
    'webserver.reading  isNoGet',
    'webserver.refusing',
  ],
  'one letter is sent in the lesson on mail, by a host with IPv4, and taken': [
    'mailer send',
    'mailer.idle  hasMore',
    'mailer.askingAddress found isIncomplete',
    'mailer.delivering received',
    'mailserver.listening disconnected',
    'mailsession.talking received',
  ],
  'nobody in the lessons goes away while a question is under way, and no hosts file or system cache is filled': [
    'stub.ready give up',
    'stub.looking  isKnownHere',
  ],
  'everyone in the lessons sends what can be read, to whom it belongs': [
    'lookup.asking.reading  isForeign',
    'lookup.overTcp.reading  isForeign',
    'resolver.listening datagram isToBeRefused',
    'resolver.listening datagram isToBeIgnored',
    'resolver.listening datagram isOnlyLooking',
    'resolver.listening received isToBeRefused',
    'resolver.listening received isToBeIgnored',
    'resolver.listening received isOnlyLooking',
    'authoritative.reading  isBrokenQuery',
    'authoritative.reading',
  ],
  'a browser or its computer knows special-use names by itself, and no lesson asks for one otherwise': [
    'resolver.listening datagram isSpecial',
    'resolver.listening received isSpecial',
  ],
  'TCP works wherever a lesson needs it': [
    'lookup.overTcp disconnected',
    'lookup.overTcp after patience',
    'lookup.overTcp.reading  isServerTrouble',
    'resolution.resolving.overTcp disconnected',
    'resolution.resolving.overTcp after retryTimer',
  ],
  'in the lesson on old answers the client’s patience ends before the resolver’s servers do': [
    'resolution.resolving.choosingServer  mayLendLater',
  ],
  'a server that refuses is the only lame one in the lessons, and none of them has parent and child': [
    'resolution.resolving.reading',
    'resolution.resolving.reading  isTooLow',
  ],
  'the lessons on DNSSEC ask once for one name, of servers that send their signatures': [
    'resolution.checkingCache  isUncheckedCopy',
    'resolution.resolving.validating  isBogusButOld',
    'resolution.resolving.validating  isBogusCopy',
    'resolution.resolving.validating  isCheckedAlias',
    'resolution.resolving.validating  isEndlessCheckedAlias',
    'resolution.resolving.validating  isUnfitAlias',
    'resolution.resolving.validating  isStripped',
    'resolution.resolving.validating  lacksAddress',
  ],
  'settings that no lesson turns on: IPv6 made of IPv4, TCP from the start, addresses ahead of need, cookies': [
    'resolution.checkingCache  lacksAddress',
    'resolution.resolving.reading  lacksAddress',
    'resolution.resolving.choosingServer  isByTcp',
    'resolution.resolving.choosingServer  fetchesAhead',
    'resolution.resolving.reading  isBadCookie',
    'resolution.resolving.reading  isDoubtful',
  ],
  'every server of the lessons knows EDNS, and no chain of aliases is endless': [
    'resolution.resolving.reading  isWithoutEdns',
    'resolution.resolving.reading  isEndlessAlias',
  ],
  'no two clients of a lesson ask the same within a tenth of a second': [
    'resolver.listening datagram isAskedAlready',
    'resolver.listening received isAskedAlready',
  ],
};
