/** What the record form says of each routing policy. */
import type { Policy } from '../../../route53/records.ts';

/** What tells the records of a group apart, as the column is headed. */
export const APART: Readonly<Record<Policy, string>> = {
  simple: '',
  multivalue: '',
  weighted: 'Weight',
  latency: 'Region',
  failover: 'Role',
  geolocation: 'Place',
  geoproximity: 'Place',
  'ip-based': 'Location',
};
/** What is to be typed. */
export const HINT: Readonly<Record<Policy, string>> = {
  simple: 'One value a line.',
  multivalue: 'One value each. Up to eight healthy ones go into an answer.',
  weighted: 'Weight 0 to 255. Share = weight ÷ sum over the healthy records.',
  latency: 'The Region in which each stands.',
  failover: 'One of each. Both failing: the primary is given.',
  geolocation: 'A continent, a country (FR), a state (US-CA), or * for everywhere else.',
  geoproximity: 'A Region, or latitude and longitude. Bias -99 to 99 shrinks or widens its reach.',
  'ip-based': 'A location of the collection, or * for all other networks.',
};
/** What one more record is called; "a record" unless told. */
export const MORE: Readonly<Partial<Record<Policy, string>>> = {
  geolocation: 'Add a place',
  latency: 'Add a Region',
  geoproximity: 'Add a place',
  'ip-based': 'Add a location',
};
