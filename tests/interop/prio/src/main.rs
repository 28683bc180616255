//! The counterpart of sotto_reports.cpp on the crate `prio`: makes reports, or verifies those on its input.
//!
//!   prio-interop shard LENGTH CHUNK COUNT
//!   prio-interop verify LENGTH CHUNK < reports

use prio::codec::{Encode, ParameterizedDecode};
use prio::vdaf::prio3::{Prio3, Prio3Histogram, Prio3InputShare, Prio3PublicShare};
use prio::vdaf::{Aggregator, Client, Collector, VerifyTransition};
use std::io::{BufRead, Write};

const CONTEXT: &[u8] = b"sotto interop";

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).expect("hexadecimal digits"))
        .collect()
}

fn verify_key() -> [u8; 32] {
    std::array::from_fn(|i| i as u8)
}

/// A generator of buckets and nonces; the crate draws the secret bytes itself.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        self.0 >> 33
    }
}

fn shard(vdaf: &Prio3Histogram, length: usize, count: usize) {
    let mut numbers = Numbers(length as u64);
    let mut out = std::io::stdout().lock();
    for _ in 0..count {
        let bucket = numbers.next() as usize % length;
        let nonce: [u8; 16] = std::array::from_fn(|_| numbers.next() as u8);
        let (public_share, input_shares) = vdaf.shard(CONTEXT, &bucket, &nonce).expect("shard");
        let hex = |bytes: Result<Vec<u8>, _>| to_hex(&bytes.expect("encode"));
        writeln!(
            out,
            "{bucket} {} {} {} {}",
            to_hex(&nonce),
            hex(public_share.get_encoded()),
            hex(input_shares[0].get_encoded()),
            hex(input_shares[1].get_encoded())
        )
        .expect("write");
    }
}

fn verify(vdaf: &Prio3Histogram, length: usize) {
    let mut out = std::io::stdout().lock();
    let mut aggregates = [vdaf.aggregate_init(&()), vdaf.aggregate_init(&())];
    let mut counts = vec![0u128; length];
    let mut reports = 0;
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("read");
        let fields: Vec<&str> = line.split(' ').collect();
        counts[fields[0].parse::<usize>().expect("a bucket")] += 1;
        let nonce: [u8; 16] = from_hex(fields[1]).try_into().expect("a nonce");
        let public_share = Prio3PublicShare::get_decoded_with_param(vdaf, &from_hex(fields[2])).expect("public share");
        let mut states = Vec::new();
        let mut shares = Vec::new();
        for party in 0..2 {
            let input_share =
                Prio3InputShare::get_decoded_with_param(&(vdaf, party), &from_hex(fields[3 + party])).expect("share");
            let (state, share) = vdaf
                .verify_init(&verify_key(), CONTEXT, party, &(), &nonce, &public_share, &input_share)
                .expect("verify_init");
            write!(out, "{} ", to_hex(&share.get_encoded().expect("encode"))).expect("write");
            states.push(state);
            shares.push(share);
        }
        let message = vdaf.verifier_shares_to_message(CONTEXT, &(), shares).expect("the proof verifies");
        writeln!(out, "{}", to_hex(&message.get_encoded().expect("encode"))).expect("write");
        for (state, aggregate) in states.into_iter().zip(aggregates.iter_mut()) {
            match vdaf.verify_next(CONTEXT, state, message.clone()).expect("verify_next") {
                VerifyTransition::Finish(output) => {
                    prio::vdaf::Aggregatable::accumulate(aggregate, &output).expect("accumulate")
                }
                VerifyTransition::Continue(..) => panic!("Prio3 has one round"),
            }
        }
        reports += 1;
    }
    for aggregate in &aggregates {
        writeln!(out, "{}", to_hex(&aggregate.get_encoded().expect("encode"))).expect("write");
    }
    assert_eq!(vdaf.unshard(&(), aggregates, reports).expect("unshard"), counts);
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let number = |i: usize| arguments[i].parse::<usize>().expect("a number");
    let vdaf = Prio3::new_histogram(2, number(2), number(3)).expect("parameters");
    match arguments[1].as_str() {
        "shard" => shard(&vdaf, number(2), number(4)),
        "verify" => verify(&vdaf, number(2)),
        _ => panic!("shard or verify"),
    }
}
