//! From the reservation to the last chunk.

use axum::body::Bytes;
use futures_util::StreamExt as _;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;
use tokio::sync::oneshot;

use super::{
    Ask, Outcome, Refusal, Serving,
    admit::{Admission, Admitted},
    ending::Used,
    kept::Kept,
    splice, usage,
};
use crate::{
    ledger::CountedBy,
    pricing::{Counts, Family},
    steps::{self, Side, Step},
    upstream::{Begun, Failure, cause},
};

const JSON: &str = "application/json";

/// How an answer's body ended.
enum Read {
    Whole(Vec<u8>),
    Broken(Vec<u8>, Failure),
}

/// Where the outcome is told. Nobody may be there any more, and that changes nothing.
pub(super) type Tell = oneshot::Sender<Result<Outcome, Refusal>>;

impl Serving {
    /// One request, to its end.
    pub(super) async fn live(&self, mut ask: Ask, tell: Tell) {
        let admitted = match self.admit(&mut ask).await {
            Ok(Admission::Begin(admitted)) => *admitted,
            Ok(Admission::Again(again)) => {
                let (facts, answer) = *again;
                let (content_type, body) = (answer.content_type, answer.body.into());
                _ = tell.send(Ok(Outcome::Again {
                    facts,
                    content_type,
                    body,
                }));
                return;
            }
            Err(refusal) => {
                _ = tell.send(Err(refusal));
                return;
            }
        };
        steps::pass(Step::Ask, Side::Before);
        let sent = self
            .parts
            .upstreams
            .send(ask.family, &admitted.model, &ask.body, admitted.limit)
            .await;
        steps::pass(Step::Ask, Side::After);
        match sent {
            Ok(begun) if admitted.stream && is_events(&begun) => {
                self.relay(ask, admitted, begun, tell).await
            }
            Ok(begun) => {
                let outcome = self.whole(&ask, &admitted, begun).await;
                let outcome = outcome.inspect_err(|refusal| log(&admitted, refusal));
                steps::pass(Step::Answer, Side::Before);
                _ = tell.send(outcome);
                steps::pass(Step::Answer, Side::After);
            }
            Err(failure) => {
                let refusal = self.failed(&ask, &admitted, failure).await;
                log(&admitted, &refusal);
                steps::pass(Step::Answer, Side::Before);
                _ = tell.send(Err(refusal));
                steps::pass(Step::Answer, Side::After);
            }
        }
    }

    /// The end of a request that got no answer: released where nothing was begun, charged at what is known where
    /// something may have been.
    async fn failed(&self, ask: &Ask, admitted: &Admitted, failure: Failure) -> Refusal {
        if failure.not_begun() {
            return match self.release(admitted, &failure.to_string()).await {
                Ok(()) => Refusal::Upstream {
                    failure,
                    facts: None,
                },
                Err(refusal) => refusal,
            };
        }
        let refused = matches!(failure, Failure::Refused { .. });
        let used = match ask.family {
            // It says that no picture was made.
            Family::Images if refused => Used {
                counts: Counts::default(),
                by: CountedBy::Gateway,
            },
            family => usage::own(family, &ask.body, "", admitted),
        };
        self.charge_failure(ask, admitted, used, failure).await
    }

    pub(super) async fn charge_failure(
        &self,
        ask: &Ask,
        admitted: &Admitted,
        used: Used,
        failure: Failure,
    ) -> Refusal {
        let charged = async {
            let due = self.due(admitted, used).await?;
            self.commit(ask, admitted, &due, None).await
        };
        match charged.await {
            Ok(facts) => Refusal::Upstream {
                failure,
                facts: Some(Box::new(facts)),
            },
            Err(refusal) => refusal,
        }
    }

    /// An answer that comes at once.
    async fn whole(
        &self,
        ask: &Ask,
        admitted: &Admitted,
        begun: Begun,
    ) -> Result<Outcome, Refusal> {
        let content_type = begun
            .response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or(JSON).to_owned();
        let body = match self.read(begun).await {
            Read::Whole(body) => body,
            Read::Broken(part, failure) => {
                let used = usage::own(
                    ask.family,
                    &ask.body,
                    &String::from_utf8_lossy(&part),
                    admitted,
                );
                return Err(self.charge_failure(ask, admitted, used, failure).await);
            }
        };
        let answer: Option<Value> = serde_json::from_slice(&body).ok().filter(Value::is_object);
        let (used, text) = match (answer, String::from_utf8(body)) {
            (Some(answer), Ok(text)) => (
                usage::of_whole(ask.family, &ask.body, &answer, admitted),
                Ok(text),
            ),
            (_, text) => (
                Used {
                    counts: Counts::default(),
                    by: CountedBy::Reservation,
                },
                text,
            ),
        };
        let due = self.due(admitted, used).await?;
        let (body, kept) = match text {
            Ok(text) => {
                let text = splice::with(&text, &splice::cost(due.cost));
                let epoch = admitted.reservation.line.epoch;
                let kept = Kept {
                    epoch,
                    content_type: content_type.clone(),
                    body: text.clone(),
                };
                (Bytes::from(text), Some(kept))
            }
            Err(bytes) => (Bytes::from(bytes.into_bytes()), None),
        };
        let facts = self.commit(ask, admitted, &due, kept).await?;
        Ok(Outcome::Whole {
            facts,
            content_type,
            body,
        })
    }

    async fn read(&self, begun: Begun) -> Read {
        let patience = self.parts.upstreams.patience();
        let mut body = Vec::new();
        let mut stream = begun.response.bytes_stream();
        let upstream = begun.upstream;
        loop {
            // The head may come long before the rest of an answer that is written only when it is done.
            match tokio::time::timeout(patience.begin, stream.next()).await {
                Err(_) => {
                    return Read::Broken(
                        body,
                        Failure::Late {
                            upstream,
                            after: patience.begin,
                        },
                    );
                }
                Ok(None) => return Read::Whole(body),
                Ok(Some(Err(error))) => {
                    return Read::Broken(
                        body,
                        Failure::Broken {
                            upstream,
                            cause: cause(&error),
                        },
                    );
                }
                Ok(Some(Ok(piece)))
                    if body.len() + piece.len() > self.parts.settings.answer_bytes =>
                {
                    let cause = format!(
                        "its answer is longer than {} bytes",
                        self.parts.settings.answer_bytes
                    );
                    return Read::Broken(body, Failure::Broken { upstream, cause });
                }
                Ok(Some(Ok(piece))) => body.extend_from_slice(&piece),
            }
        }
    }
}

fn is_events(begun: &Begun) -> bool {
    let form = begun
        .response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    form.is_some_and(|form| form.starts_with("text/event-stream"))
}

/// What went wrong after the reservation, for the operator: never the request's words.
pub(super) fn log(admitted: &Admitted, refusal: &Refusal) {
    let request = admitted.reservation.id;
    tracing::warn!(%request, model = admitted.model, error = %refusal, "a request got no answer");
}
