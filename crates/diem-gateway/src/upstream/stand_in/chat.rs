//! `/chat/completions` and `/completions`.

use serde_json::{Map, Value, json};

use super::{
    Answer, Request,
    text::{cached, seed, tokens, words},
};

/// What one choice says.
struct Choice {
    words: Vec<String>,
    call: Option<(String, String)>,
    cut: bool,
}

impl Choice {
    const fn finish(&self) -> &'static str {
        match (&self.call, self.cut) {
            (Some(_), _) => "tool_calls",
            (None, true) => "length",
            (None, false) => "stop",
        }
    }

    fn written(&self) -> u64 {
        let call = self.call.as_ref().map_or(0, |(_, arguments)| {
            1 + arguments.split_whitespace().count() as u64
        });
        self.words.len() as u64 + call
    }
}

pub(super) fn chat(request: &Request) -> Answer {
    let Some(messages) = request
        .body
        .get("messages")
        .filter(|messages| messages.is_array())
    else {
        return Answer::Wrong("messages is no list".into());
    };
    let prompt = tokens(messages) + request.body.get("tools").map_or(0, tokens);
    let seed = seed(&messages.to_string());
    let choices: Vec<Choice> = (0..count(request, "n"))
        .map(|index| choice(request, seed ^ index))
        .collect();
    let usage = usage(request, prompt, &choices);
    let id = format!("chatcmpl-{seed:016x}");
    let head = |object: &str| json!({"id": id, "object": object, "created": 0, "model": request.model, "system_fingerprint": "stand-in"});
    if !request.stream {
        let mut whole = head("chat.completion");
        whole["choices"] = choices
            .iter()
            .enumerate()
            .map(|(index, choice)| spoken(index, choice))
            .collect();
        whole["usage"] = usage;
        return Answer::Whole(strip(whole));
    }
    let chunk = |choices: Value| {
        let mut chunk = head("chat.completion.chunk");
        chunk["choices"] = choices;
        (None, chunk)
    };
    let mut events = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        let delta =
            |delta: Value| chunk(json!([{"index": index, "delta": delta, "finish_reason": null}]));
        events.push(delta(json!({"role": "assistant", "content": ""})));
        events.extend(
            choice
                .words
                .iter()
                .map(|word| delta(json!({"content": word}))),
        );
        if let Some((name, arguments)) = &choice.call {
            let function = json!({"name": name, "arguments": ""});
            let call = json!({"index": 0, "id": format!("call_{seed:016x}"), "type": "function", "function": function});
            events.push(delta(json!({"tool_calls": [call]})));
            events.push(delta(
                json!({"tool_calls": [{"index": 0, "function": {"arguments": arguments}}]}),
            ));
        }
        events.push(chunk(
            json!([{"index": index, "delta": {}, "finish_reason": choice.finish()}]),
        ));
    }
    if wants_usage(request) && !usage.is_null() {
        let (name, mut last) = chunk(json!([]));
        last["usage"] = usage;
        events.push((name, last));
    }
    Answer::Pieces(events, true)
}

pub(super) fn completion(request: &Request) -> Answer {
    let Some(prompt) = request.body.get("prompt") else {
        return Answer::Wrong("prompt is missing".into());
    };
    let seed = seed(&prompt.to_string());
    let lists = prompt
        .as_array()
        .filter(|prompts| !prompts.iter().all(Value::is_u64))
        .map_or(1, Vec::len) as u64;
    let choices: Vec<Choice> = (0..count(request, "n") * lists)
        .map(|index| {
            let (words, cut) = words(request, seed ^ index, limit(&request.body));
            Choice {
                words,
                call: None,
                cut,
            }
        })
        .collect();
    let usage = usage(request, tokens(prompt), &choices);
    let head = json!({
        "id": format!("cmpl-{seed:016x}"), "object": "text_completion", "created": 0, "model": request.model,
    });
    let with = |choices: Value| {
        let mut value = head.clone();
        value["choices"] = choices;
        value
    };
    let text = |index: usize, text: &str, finish: Value| json!({"index": index, "text": text, "logprobs": null, "finish_reason": finish});
    if !request.stream {
        let all = choices.iter().enumerate();
        let mut whole = with(
            all.map(|(index, choice)| text(index, &choice.words.concat(), choice.finish().into()))
                .collect(),
        );
        whole["usage"] = usage;
        return Answer::Whole(strip(whole));
    }
    let mut events = Vec::new();
    for (index, choice) in choices.iter().enumerate() {
        events.extend(
            choice
                .words
                .iter()
                .map(|word| (None, with(json!([text(index, word, Value::Null)])))),
        );
        events.push((None, with(json!([text(index, "", choice.finish().into())]))));
    }
    if wants_usage(request) && !usage.is_null() {
        let mut last = with(json!([]));
        last["usage"] = usage;
        events.push((None, last));
    }
    Answer::Pieces(events, true)
}

fn count(request: &Request, field: &str) -> u64 {
    request.body.get(field).and_then(Value::as_u64).unwrap_or(1)
}

fn limit(body: &Map<String, Value>) -> Option<u64> {
    let read = |field: &str| body.get(field).and_then(Value::as_u64);
    read("max_completion_tokens").or_else(|| read("max_tokens"))
}

fn wants_usage(request: &Request) -> bool {
    request
        .body
        .get("stream_options")
        .and_then(|options| options.get("include_usage"))
        .and_then(Value::as_bool)
        == Some(true)
}

/// Words, or a call of the first tool, where there are tools and the last word is the user's.
fn choice(request: &Request, seed: u64) -> Choice {
    let tool = request
        .body
        .get("tools")
        .and_then(|tools| tools.get(0))
        .and_then(|tool| tool.get("function"));
    let asked = request
        .body
        .get("messages")
        .and_then(Value::as_array)
        .and_then(|messages| messages.last());
    let by_user = asked
        .and_then(|message| message.get("role"))
        .and_then(Value::as_str)
        == Some("user");
    let allowed = request.body.get("tool_choice").and_then(Value::as_str) != Some("none");
    if let Some(tool) = tool.filter(|_| by_user && allowed) {
        let name = tool
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or("tool")
            .to_owned();
        let arguments = arguments(tool.get("parameters").unwrap_or(&Value::Null)).to_string();
        return Choice {
            words: Vec::new(),
            call: Some((name, arguments)),
            cut: false,
        };
    }
    let (words, cut) = words(request, seed, limit(&request.body));
    Choice {
        words,
        call: None,
        cut,
    }
}

/// The plainest arguments that fit a tool's schema.
fn arguments(schema: &Value) -> Value {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return json!({});
    };
    let plain = |schema: &Value| match schema.get("enum").and_then(|values| values.get(0)) {
        Some(first) => first.clone(),
        None => match schema.get("type").and_then(Value::as_str) {
            Some("number" | "integer") => json!(1),
            Some("boolean") => json!(true),
            Some("array") => json!([]),
            Some("object") => arguments(schema),
            _ => json!("amber"),
        },
    };
    properties
        .iter()
        .map(|(name, schema)| (name.clone(), plain(schema)))
        .collect::<Map<_, _>>()
        .into()
}

fn spoken(index: usize, choice: &Choice) -> Value {
    let mut message =
        json!({"role": "assistant", "content": choice.words.concat(), "refusal": null});
    if let Some((name, arguments)) = &choice.call {
        message["content"] = Value::Null;
        let id = format!("call_{:016x}", seed(name));
        message["tool_calls"] = json!([{"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}]);
    }
    json!({"index": index, "message": message, "logprobs": null, "finish_reason": choice.finish()})
}

fn usage(request: &Request, prompt: u64, choices: &[Choice]) -> Value {
    if request.wish.without_usage {
        return Value::Null;
    }
    if let Some(usage) = &request.wish.usage {
        return usage.clone();
    }
    let written: u64 = choices.iter().map(Choice::written).sum();
    json!({
        "prompt_tokens": prompt, "completion_tokens": written, "total_tokens": prompt + written,
        "prompt_tokens_details": {"cached_tokens": cached(request, prompt)},
    })
}

/// Without a usage that is not told.
fn strip(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, value| name != "usage" || !value.is_null());
    }
    value
}
