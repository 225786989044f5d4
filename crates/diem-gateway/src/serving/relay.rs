//! A streamed answer, on its way to the client: read to its end whoever listens, its last chunk held back until its
//! cost is on disk.

use std::{collections::BTreeSet, time::Duration};

use axum::body::Bytes;
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use sse_stream::SseByteStream;
use tokio::sync::mpsc;

use super::{
    Ask, Facts, Outcome, Refusal, Serving,
    admit::Admitted,
    ending::{Due, Used},
    kept::Kept,
    life::{Tell, log},
    splice, usage,
};
use crate::{
    ledger::CountedBy,
    pricing::{Counts, Family},
    steps::{self, Side, Step},
    upstream::{Begun, Failure, cause},
};

/// Pieces that may wait for the client.
const WAITING: usize = 256;
/// How long a client may leave its pieces lying before it counts as gone.
const CLIENT: Duration = Duration::from_secs(30);
const EVENTS: &str = "text/event-stream";

/// One event: its name and its data.
type Event = (Option<String>, String);

impl Serving {
    /// Relays the answer and ends the request.
    pub(super) async fn relay(&self, ask: Ask, admitted: Admitted, begun: Begun, tell: Tell) {
        let (sender, pieces) = mpsc::channel(WAITING);
        let mut client = Client::new(
            sender,
            ask.idempotency.is_some(),
            self.parts.settings.keep_bytes,
        );
        if tell
            .send(Ok(Outcome::Stream {
                facts: admitted.facts(),
                pieces,
            }))
            .is_err()
        {
            client.left();
        }
        let mut heard = Heard::new(ask.family, &admitted);
        let broken = self.listen(begun, &mut heard, &mut client).await.err();
        let used = heard.used(&ask, &admitted);
        if let Some(failure) = broken {
            let refusal = self.charge_failure(&ask, &admitted, used, failure).await;
            log(&admitted, &refusal);
            client.error(ask.family, &refusal).await;
            return;
        }
        let ended = async {
            let due = self.due(&admitted, used).await?;
            let last = heard.last(&due, used);
            let kept = client.kept(ask.family, &last, admitted.reservation.line.epoch);
            let facts = self.commit(&ask, &admitted, &due, kept).await?;
            Ok::<_, Refusal>((last, facts))
        };
        match ended.await {
            Ok((last, facts)) => {
                steps::pass(Step::Answer, Side::Before);
                client.end(ask.family, last, &facts).await;
                steps::pass(Step::Answer, Side::After);
            }
            Err(refusal) => {
                log(&admitted, &refusal);
                client.error(ask.family, &refusal).await;
            }
        }
    }

    /// Reads the upstream to its end.
    async fn listen(
        &self,
        begun: Begun,
        heard: &mut Heard,
        client: &mut Client,
    ) -> Result<(), Failure> {
        let upstream = begun.upstream;
        let after = self.parts.upstreams.patience().between;
        // An error without its address: that may carry credentials.
        let bytes = begun
            .response
            .bytes_stream()
            .map(|piece| piece.map_err(|error| std::io::Error::other(cause(&error))));
        let mut events = std::pin::pin!(SseByteStream::new(bytes));
        loop {
            let event = match tokio::time::timeout(after, events.next()).await {
                Err(_) => return Err(Failure::Late { upstream, after }),
                Ok(Some(Err(error))) => {
                    return Err(Failure::Broken {
                        upstream,
                        cause: error.to_string(),
                    });
                }
                Ok(None) if heard.ended() => return Ok(()),
                Ok(None) => {
                    return Err(Failure::Broken {
                        upstream,
                        cause: "the stream ended before its answer".into(),
                    });
                }
                Ok(Some(Ok(event))) => event,
            };
            let Some(data) = event.data else { continue };
            if data.trim() == "[DONE]" {
                return Ok(());
            }
            if let Some(event) = heard.take((event.event, data)) {
                client.send(framed(&event)).await;
            }
        }
    }
}

/// What was heard of an answer so far.
struct Heard {
    family: Family,
    choices: u64,
    tells_usage: bool,
    finished: BTreeSet<u64>,
    closed: bool,
    usage: Option<Counts>,
    usage_told: bool,
    words: String,
    head: Option<Value>,
    held: Vec<Event>,
}

impl Heard {
    fn new(family: Family, admitted: &Admitted) -> Self {
        Self {
            family,
            choices: admitted.bound.choices,
            tells_usage: admitted.tells_usage,
            finished: BTreeSet::new(),
            closed: false,
            usage: None,
            usage_told: false,
            words: String::new(),
            head: None,
            held: Vec::new(),
        }
    }

    /// Whether all of the answer was heard.
    fn ended(&self) -> bool {
        self.closed || self.finished.len() as u64 >= self.choices
    }

    /// Takes note of an event; gives it back where it may go on to the client now.
    fn take(&mut self, event: Event) -> Option<Event> {
        let Ok(value) = serde_json::from_str::<Value>(&event.1) else {
            return Some(event);
        };
        let told = usage::in_answer(&value, self.family);
        self.usage = told.or(self.usage);
        usage::spoken(&value, &mut self.words);
        let choices = value.get("choices").and_then(Value::as_array);
        for choice in choices.into_iter().flatten() {
            if choice
                .get("finish_reason")
                .is_some_and(|reason| !reason.is_null())
            {
                self.finished
                    .insert(choice.get("index").and_then(Value::as_u64).unwrap_or(0));
            }
        }
        let kind = value.get("type").and_then(Value::as_str);
        self.closed |= matches!(
            kind,
            Some("response.completed" | "response.incomplete" | "response.failed")
        );
        if told.is_some() && choices.is_some_and(Vec::is_empty) {
            if !self.tells_usage {
                // The gateway asked for it, not the client.
                return None;
            }
            self.usage_told = true;
        }
        if choices.is_some() {
            self.head = Some(value);
        }
        if self.ended() {
            self.held.push(event);
            return None;
        }
        Some(event)
    }

    fn used(&self, ask: &Ask, admitted: &Admitted) -> Used {
        match self.usage {
            Some(counts) => Used {
                counts,
                by: CountedBy::Upstream,
            },
            None => usage::own(self.family, &ask.body, &self.words, admitted),
        }
    }

    /// The events that were held back, the last of them with the cost in it. A client that asked for usage gets it,
    /// though the upstream told none.
    fn last(&mut self, due: &Due, used: Used) -> Vec<Event> {
        let mut last = std::mem::take(&mut self.held);
        if let Some(head) = self
            .head
            .as_mut()
            .filter(|_| self.tells_usage && !self.usage_told)
        {
            let Counts {
                input,
                cached,
                output,
                ..
            } = used.counts;
            head["choices"] = json!([]);
            head["usage"] = json!({
                "prompt_tokens": input, "completion_tokens": output, "total_tokens": input.saturating_add(output),
                "prompt_tokens_details": {"cached_tokens": cached},
            });
            last.push((None, head.to_string()));
        }
        if let Some((_, data)) = last.last_mut() {
            *data = splice::with(data, &splice::cost(due.cost));
        }
        last
    }
}

/// Who listens, if anybody still does, and what is kept of what was said.
struct Client {
    sender: Option<mpsc::Sender<Bytes>>,
    said: Option<String>,
    most: usize,
}

impl Client {
    const fn new(sender: mpsc::Sender<Bytes>, keep: bool, most: usize) -> Self {
        Self {
            sender: Some(sender),
            said: if keep { Some(String::new()) } else { None },
            most,
        }
    }

    fn left(&mut self) {
        if self.sender.take().is_some() {
            metrics::counter!("diem_gateway_clients_left_total").increment(1);
            tracing::info!("a client left its stream; the upstream is read to its end");
        }
    }

    async fn send(&mut self, text: String) {
        if let Some(said) = &mut self.said {
            said.push_str(&text);
            if said.len() > self.most {
                self.said = None;
            }
        }
        if let Some(sender) = &self.sender {
            let sent = tokio::time::timeout(CLIENT, sender.send(text.into())).await;
            if !matches!(sent, Ok(Ok(()))) {
                self.left();
            }
        }
    }

    /// All that was said, with its end, to be said again.
    fn kept(&self, family: Family, last: &[Event], epoch: u32) -> Option<Kept> {
        let said = self.said.as_ref()?;
        let last: String = last.iter().map(framed).collect();
        Some(Kept {
            epoch,
            content_type: EVENTS.into(),
            body: format!("{said}{last}{}", done(family)),
        })
    }

    async fn end(&mut self, family: Family, mut last: Vec<Event>, facts: &Facts) {
        self.said = None;
        if let Some((_, data)) = last.last_mut() {
            *data = splice::with(data, &splice::told(facts));
        }
        for event in &last {
            self.send(framed(event)).await;
        }
        self.send(done(family).into()).await;
    }

    async fn error(&mut self, family: Family, refusal: &Refusal) {
        self.said = None;
        let message = refusal.to_string();
        let event = match family {
            Family::Responses => {
                let data = json!({"type": "error", "code": "upstream_error", "message": message, "param": null});
                (Some("error".to_owned()), data.to_string())
            }
            _ => {
                let error = json!({"message": message, "type": "api_error", "param": null, "code": "upstream_error"});
                (None, json!({"error": error}).to_string())
            }
        };
        self.send(framed(&event)).await;
    }
}

const fn done(family: Family) -> &'static str {
    match family {
        Family::Responses => "",
        _ => "data: [DONE]\n\n",
    }
}

fn framed((name, data): &Event) -> String {
    let mut text = name
        .as_ref()
        .map_or_else(String::new, |name| format!("event: {name}\n"));
    for line in data.lines() {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}
