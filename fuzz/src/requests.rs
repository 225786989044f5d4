//! From bytes to request bodies.

use std::collections::VecDeque;

use arbitrary::{Result, Unstructured};
use serde_json::{Value, json};

use crate::{
    door::Door,
    heard::Heard,
    methods::{DEEP, Line, METHODS, STORIES},
    words::{Speaker, Word},
};

/// Most bodies made of one input.
const MAX_BODIES: usize = 10;
/// Most requests in one batch.
const MAX_BATCH: usize = 6;
/// First byte of an input whose other bytes are drawn from; all other inputs are bodies as they are.
const STRUCTURED: u8 = b'!';

/// Posts what `input` stands for, and puts the node back.
pub fn serve(input: &[u8]) {
    let mut door = Door::get();
    match input.split_first() {
        Some((&STRUCTURED, choices)) => converse(&mut door, choices),
        _ => {
            door.post(input.to_vec());
        }
    }
    door.restore();
}

/// Asks what `choices` choose, each time in the light of the answers before.
fn converse(door: &mut Door, choices: &[u8]) {
    let mut u = Unstructured::new(choices);
    let mut heard = door.heard().clone();
    let mut story = VecDeque::new();
    let over_socket = u.ratio(1u8, 4).unwrap_or(false);
    let mut socket = over_socket.then(|| door.connect());
    for _ in 0..MAX_BODIES {
        // Choices that run out end the conversation.
        let Ok(body) = body(&mut u, &heard, &mut story) else {
            break;
        };
        let answer = match &mut socket {
            Some(socket) => door.exchange_over(socket, &body),
            None => door.exchange(&body),
        };
        heard.learn(&answer);
    }
}

/// One request, or a batch.
fn body(u: &mut Unstructured<'_>, heard: &Heard, story: &mut VecDeque<Line>) -> Result<Value> {
    if u.is_empty() {
        return Err(arbitrary::Error::NotEnoughData);
    }
    let mut speaker = Speaker { u, heard };
    if let Some(line) = story.pop_front() {
        return speaker.request(line);
    }
    if speaker.u.ratio(1u8, 10)? {
        let count = speaker.u.int_in_range(1..=MAX_BATCH)?;
        return (0..count).map(|_| speaker.any_request()).collect();
    }
    if speaker.u.ratio(1u8, 4)? {
        story.extend(*speaker.u.choose(STORIES)?);
        if let Some(line) = story.pop_front() {
            return speaker.request(line);
        }
    }
    speaker.any_request()
}

impl Speaker<'_, '_> {
    fn any_request(&mut self) -> Result<Value> {
        let lines = if self.u.arbitrary()? { METHODS } else { DEEP };
        let line = *self.u.choose(lines)?;
        self.request(line)
    }

    fn request(&mut self, (method, words): Line) -> Result<Value> {
        let params: Result<_> = words.iter().map(|word| self.draw(*word)).collect();
        let mut params: Vec<Value> = params?;
        match self.u.int_in_range(0..=15u8)? {
            14 | 15 => params.truncate(self.u.int_in_range(0..=params.len())?),
            13 => params.push(self.draw(Word::Anything)?),
            _ => {}
        }
        Ok(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }))
    }
}
