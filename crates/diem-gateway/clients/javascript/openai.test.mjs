// OpenAI's own client, unmodified: only its base URL and key are the gateway's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

import { makeKey } from './key.mjs';

const gateway = process.env.DIEM_GATEWAY;
const { apiKey } = await makeKey(gateway, process.env.DIEM_HOLDER_KEY);
const client = new OpenAI({ apiKey, baseURL: `${gateway}/v1` });
const model = 'stand-in';
const messages = [{ role: 'user', content: 'Say a few words.' }];

test('models are listed and found', async () => {
  const names = [];
  for await (const one of client.models.list()) names.push(one.id);
  assert.ok(names.includes(model), names.join());
  assert.equal((await client.models.retrieve(model)).id, model);
});

test('a chat is answered, and its cost is told', async () => {
  const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
  assert.equal(data.choices[0].message.content.split(' ').length, 12);
  assert.equal(data.usage.completion_tokens, 12);
  assert.equal(data.cost.diem, 0.000033);
  assert.equal(response.headers.get('x-diem-cost'), '0.000033');
  assert.match(response.headers.get('x-diem-receipt'), /^diem-receipt\/1;.*;cost=33000000000000;/);
});

test('a chat is streamed, with usage where it is asked for', async () => {
  let said = '';
  let usage;
  const options = { model, messages, stream: true, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create(options)) {
    said += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  assert.equal(said.split(' ').length, 12);
  assert.equal(usage.prompt_tokens, 9);
  let chunks = 0;
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
    assert.equal(chunk.choices.length, 1);
    chunks += 1;
  }
  assert.ok(chunks >= 13, `${chunks} chunks`);
});

test('tools are called, in the stream helper as well', async () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } };
  const tools = [{ type: 'function', function: { name: 'weather', parameters } }];
  const stream = client.chat.completions.stream({ model, messages, tools });
  const completion = await stream.finalChatCompletion();
  const [call] = completion.choices[0].message.tool_calls;
  assert.equal(call.function.name, 'weather');
  assert.deepEqual(JSON.parse(call.function.arguments), { city: 'amber' });
});

test('embeddings come as numbers, packed or not', async () => {
  const packed = await client.embeddings.create({ model: 'vectors', input: ['one two', 'three'] });
  const plain = await client.embeddings.create({ model: 'vectors', input: ['one two', 'three'], encoding_format: 'float' });
  assert.equal(packed.data.length, 2);
  assert.equal(packed.data[0].embedding.length, 8);
  assert.deepEqual([...packed.data[1].embedding], plain.data[1].embedding);
});

test('images are made', async () => {
  const { data } = await client.images.generate({ model: 'pictures', prompt: 'a heron', n: 2 });
  assert.equal(data.length, 2);
  assert.ok(Buffer.from(data[0].b64_json, 'base64').toString('latin1').startsWith('P5'));
});

test('responses are answered and streamed', async () => {
  const whole = await client.responses.create({ model, input: 'Say a few words.' });
  assert.equal(whole.output_text.split(' ').length, 12);
  let said = '';
  let last;
  for await (const event of await client.responses.create({ model, input: 'Say a few words.', stream: true })) {
    if (event.type === 'response.output_text.delta') said += event.delta;
    last = event;
  }
  assert.equal(said, whole.output_text);
  assert.equal(last.type, 'response.completed');
  assert.equal(last.response.usage.output_tokens, 12);
});

test('a completion is made', async () => {
  const answer = await client.completions.create({ model, prompt: 'one two', max_tokens: 5 });
  assert.equal(answer.choices[0].text.split(' ').length, 5);
  assert.equal(answer.choices[0].finish_reason, 'length');
});

test('errors are the client’s own kinds', async () => {
  const ask = (more, using = client) => using.chat.completions.create({ model, messages, ...more });
  await assert.rejects(ask({ model: 'nobody’s' }), (error) => {
    assert.ok(error instanceof OpenAI.NotFoundError, String(error));
    assert.equal(error.code, 'model_not_found');
    assert.equal(error.param, 'model');
    return true;
  });
  await assert.rejects(ask({ max_tokens: -1 }), OpenAI.BadRequestError);
  const stranger = new OpenAI({ apiKey: `diem_${'0'.repeat(64)}`, baseURL: `${gateway}/v1` });
  await assert.rejects(ask({}, stranger), OpenAI.AuthenticationError);
  await assert.rejects(ask({ max_tokens: 1_000_000_000 }), (error) => {
    assert.equal(error.status, 402);
    assert.equal(error.code, 'INSUFFICIENT_BALANCE');
    assert.equal(typeof error.error.remaining, 'number');
    return true;
  });
  const broken = async () => {
    for await (const chunk of await ask({ stream: true, stand_in: { break_after: 4 } })) assert.ok(chunk);
  };
  await assert.rejects(broken, (error) => error instanceof OpenAI.APIError && error.code === 'upstream_error');
});

test('a key with a limit is made with viem, and is held to it', async () => {
  const wish = { consumptionLimit: { diem: 0.00004 }, limitPeriod: 'EPOCH', expiresAt: '2999-01-01' };
  const made = await makeKey(gateway, process.env.DIEM_HOLDER_KEY, wish);
  assert.equal(made.consumptionLimit.diem, 0.00004);
  const limited = new OpenAI({ apiKey: made.apiKey, baseURL: `${gateway}/api/v1` });
  await assert.rejects(limited.chat.completions.create({ model, messages, max_tokens: 12 }), {
    status: 402,
    code: 'API_KEY_DIEM_SPEND_LIMIT_EXCEEDED',
  });
});
