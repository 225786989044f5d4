//! `/responses`.

use serde_json::{Value, json};

use super::{
    Answer, Request,
    text::{cached, seed, tokens, words},
};

pub(super) fn respond(request: &Request) -> Answer {
    let Some(input) = request.body.get("input") else {
        return Answer::Wrong("input is missing".into());
    };
    let prompt = tokens(input) + request.body.get("instructions").map_or(0, tokens);
    let seed = seed(&input.to_string());
    let limit = request
        .body
        .get("max_output_tokens")
        .and_then(Value::as_u64);
    let (words, cut) = words(request, seed, limit);
    let text = words.concat();
    let written = words.len() as u64;
    let usage = match (&request.wish.usage, request.wish.without_usage) {
        (_, true) => Value::Null,
        (Some(usage), false) => usage.clone(),
        (None, false) => json!({
            "input_tokens": prompt, "input_tokens_details": {"cached_tokens": cached(request, prompt)},
            "output_tokens": written, "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": prompt + written,
        }),
    };
    let part = |text: &str| json!({"type": "output_text", "text": text, "annotations": []});
    let item = |status: &str, content: Value| {
        json!({"id": format!("msg_{seed:016x}"), "type": "message", "role": "assistant", "status": status,
            "content": content})
    };
    let response = |status: &str, output: Value, usage: Value| {
        let details = if status == "incomplete" {
            json!({"reason": "max_output_tokens"})
        } else {
            Value::Null
        };
        json!({
            "id": format!("resp_{seed:016x}"), "object": "response", "created_at": 0, "status": status,
            "model": request.model, "output": output, "usage": usage, "error": null, "incomplete_details": details,
            "instructions": request.body.get("instructions"), "metadata": {}, "parallel_tool_calls": true,
            "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
        })
    };
    let end = if cut { "incomplete" } else { "completed" };
    let whole = response(end, json!([item(end, json!([part(&text)]))]), usage);
    if !request.stream {
        return Answer::Whole(whole);
    }
    let begun = response("in_progress", json!([]), Value::Null);
    let place =
        json!({"item_id": format!("msg_{seed:016x}"), "output_index": 0, "content_index": 0});
    let at = |fields: Value| {
        let mut event = place.clone();
        if let (Some(event), Value::Object(fields)) = (event.as_object_mut(), fields) {
            event.extend(fields);
        }
        event
    };
    let mut events: Vec<(&'static str, Value)> = vec![
        ("response.created", json!({"response": begun})),
        ("response.in_progress", json!({"response": begun})),
        (
            "response.output_item.added",
            json!({"output_index": 0, "item": item("in_progress", json!([]))}),
        ),
        ("response.content_part.added", at(json!({"part": part("")}))),
    ];
    events.extend(words.iter().map(|word| {
        (
            "response.output_text.delta",
            at(json!({"delta": word, "logprobs": []})),
        )
    }));
    events.extend([
        (
            "response.output_text.done",
            at(json!({"text": text, "logprobs": []})),
        ),
        (
            "response.content_part.done",
            at(json!({"part": part(&text)})),
        ),
        (
            "response.output_item.done",
            json!({"output_index": 0, "item": item(end, json!([part(&text)]))}),
        ),
        (
            if cut {
                "response.incomplete"
            } else {
                "response.completed"
            },
            json!({"response": whole}),
        ),
    ]);
    let numbered = events
        .into_iter()
        .enumerate()
        .map(|(number, (name, mut event))| {
            event["type"] = name.into();
            event["sequence_number"] = number.into();
            (Some(name), event)
        });
    Answer::Pieces(numbered.collect(), false)
}
