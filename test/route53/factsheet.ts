/** Sample documents in the very shape in which the AWS command line prints and takes them. */

/** A zone with every routing policy (`list-resource-record-sets`), grouped for reading. */
export const SAMPLE = `{
  "ResourceRecordSets": [
    { "Name": "example.com.", "Type": "A",
      "AliasTarget": { "HostedZoneId": "Z2FDTNDATAQYW2", "DNSName": "d111111abcdef8.cloudfront.net.", "EvaluateTargetHealth": false } },
    { "Name": "example.com.", "Type": "MX", "TTL": 3600,
      "ResourceRecords": [ { "Value": "10 mail1.example.com." }, { "Value": "20 mail2.example.com." } ] },
    { "Name": "example.com.", "Type": "NS", "TTL": 172800,
      "ResourceRecords": [ { "Value": "ns-2048.awsdns-64.com." }, { "Value": "ns-2049.awsdns-65.net." },
                           { "Value": "ns-2050.awsdns-66.org." }, { "Value": "ns-2051.awsdns-67.co.uk." } ] },
    { "Name": "example.com.", "Type": "SOA", "TTL": 900,
      "ResourceRecords": [ { "Value": "ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400" } ] },
    { "Name": "example.com.", "Type": "TXT", "TTL": 300,
      "ResourceRecords": [ { "Value": "\\"v=spf1 ip4:192.0.2.0/24 -all\\"" } ] },
    { "Name": "\\\\052.example.com.", "Type": "A", "TTL": 60, "ResourceRecords": [ { "Value": "192.0.2.99" } ] },
    { "Name": "app.example.com.", "Type": "A", "SetIdentifier": "blue", "Weight": 90, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.10" } ], "HealthCheckId": "11111111-2222-3333-4444-555555555555" },
    { "Name": "app.example.com.", "Type": "A", "SetIdentifier": "green", "Weight": 10, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.11" } ] },
    { "Name": "api.example.com.", "Type": "A", "SetIdentifier": "p", "Failover": "PRIMARY", "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.20" } ], "HealthCheckId": "22222222-3333-4444-5555-666666666666" },
    { "Name": "api.example.com.", "Type": "A", "SetIdentifier": "s", "Failover": "SECONDARY", "TTL": 60,
      "ResourceRecords": [ { "Value": "198.51.100.20" } ] },
    { "Name": "geo.example.com.", "Type": "A", "SetIdentifier": "eu", "GeoLocation": { "ContinentCode": "EU" }, "TTL": 60,
      "ResourceRecords": [ { "Value": "198.51.100.30" } ] },
    { "Name": "geo.example.com.", "Type": "A", "SetIdentifier": "ca", "GeoLocation": { "CountryCode": "US", "SubdivisionCode": "CA" }, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.31" } ] },
    { "Name": "geo.example.com.", "Type": "A", "SetIdentifier": "default", "GeoLocation": { "CountryCode": "*" }, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.30" } ] },
    { "Name": "lat.example.com.", "Type": "A", "SetIdentifier": "ohio", "Region": "us-east-2", "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.40" } ] },
    { "Name": "near.example.com.", "Type": "A", "SetIdentifier": "tokyo",
      "GeoProximityLocation": { "AWSRegion": "ap-northeast-1", "Bias": 10 }, "TTL": 60,
      "ResourceRecords": [ { "Value": "203.0.113.50" } ] },
    { "Name": "near.example.com.", "Type": "A", "SetIdentifier": "cape",
      "GeoProximityLocation": { "Coordinates": { "Latitude": "-33.92", "Longitude": "18.42" }, "Bias": -20 }, "TTL": 60,
      "ResourceRecords": [ { "Value": "203.0.113.51" } ] },
    { "Name": "net.example.com.", "Type": "A", "SetIdentifier": "isp-a",
      "CidrRoutingConfig": { "CollectionId": "0a0a0a0a-1111-2222-3333-444444444444", "LocationName": "isp-a" }, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.60" } ] },
    { "Name": "net.example.com.", "Type": "A", "SetIdentifier": "rest",
      "CidrRoutingConfig": { "CollectionId": "0a0a0a0a-1111-2222-3333-444444444444", "LocationName": "*" }, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.61" } ] },
    { "Name": "multi.example.com.", "Type": "A", "SetIdentifier": "m1", "MultiValueAnswer": true, "TTL": 60,
      "ResourceRecords": [ { "Value": "192.0.2.70" } ] },
    { "Name": "www.example.com.", "Type": "A", "TTL": 300, "ResourceRecords": [ { "Value": "192.0.2.44" } ] }
  ]
}
`;

/** A change batch (`change-resource-record-sets`). */
export const SAMPLE_BATCH = `{
  "Comment": "switch www to the new server",
  "Changes": [
    { "Action": "UPSERT",
      "ResourceRecordSet": { "Name": "www.example.com", "Type": "A", "TTL": 60,
        "ResourceRecords": [ { "Value": "192.0.2.45" } ] } },
    { "Action": "DELETE",
      "ResourceRecordSet": { "Name": "old.example.com.", "Type": "CNAME", "TTL": 300,
        "ResourceRecords": [ { "Value": "www.example.com" } ] } }
  ]
}
`;

/** A list of zones (`list-hosted-zones`). */
export const SAMPLE_ZONES = `{ "HostedZones": [
  { "Id": "/hostedzone/Z0SIMZONE0EXAMPLE1", "Name": "example.com.", "CallerReference": "2026-01-02-03:04",
    "Config": { "Comment": "sample zone", "PrivateZone": false }, "ResourceRecordSetCount": 20 } ] }
`;

/** A traffic policy document. */
export const SAMPLE_POLICY = `{
  "AWSPolicyFormatVersion": "2015-10-01",
  "RecordType": "A",
  "StartRule": "by-region",
  "Endpoints": {
    "us-a": { "Type": "value", "Value": "192.0.2.10" },
    "us-b": { "Type": "value", "Value": "192.0.2.11" },
    "eu":   { "Type": "value", "Value": "198.51.100.20" }
  },
  "Rules": {
    "by-region": {
      "RuleType": "latency",
      "Regions": [
        { "Region": "us-east-1", "RuleReference": "us-pair", "EvaluateTargetHealth": true },
        { "Region": "eu-west-1", "EndpointReference": "eu" }
      ]
    },
    "us-pair": {
      "RuleType": "failover",
      "Primary":   { "EndpointReference": "us-a", "HealthCheck": "11111111-2222-3333-4444-555555555555" },
      "Secondary": { "EndpointReference": "us-b" }
    }
  }
}
`;
