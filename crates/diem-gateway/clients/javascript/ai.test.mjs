// The Vercel AI SDK through its provider for OpenAI-compatible servers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embed, generateText, jsonSchema, streamText, tool } from 'ai';

import { makeKey } from './key.mjs';

const gateway = process.env.DIEM_GATEWAY;
const { apiKey } = await makeKey(gateway, process.env.DIEM_HOLDER_KEY);
const diem = createOpenAICompatible({ name: 'diem', apiKey, baseURL: `${gateway}/v1`, includeUsage: true });

test('text is generated', async () => {
  const { text, usage } = await generateText({ model: diem('stand-in'), prompt: 'Say a few words.' });
  assert.equal(text.split(' ').length, 12);
  assert.equal(usage.outputTokens, 12);
});

test('text is streamed', async () => {
  const result = streamText({ model: diem('stand-in'), prompt: 'Say a few words.' });
  let said = '';
  for await (const piece of result.textStream) said += piece;
  assert.equal(said.split(' ').length, 12);
  assert.equal((await result.usage).outputTokens, 12);
});

test('a tool is called', async () => {
  const inputSchema = jsonSchema({ type: 'object', properties: { city: { type: 'string' } } });
  const tools = { weather: tool({ description: 'The weather', inputSchema }) };
  const { toolCalls } = await generateText({ model: diem('stand-in'), prompt: 'The weather?', tools });
  assert.deepEqual(toolCalls.map((call) => [call.toolName, call.input]), [['weather', { city: 'amber' }]]);
});

test('a text is embedded', async () => {
  const { embedding } = await embed({ model: diem.textEmbeddingModel('vectors'), value: 'one two' });
  assert.equal(embedding.length, 8);
});
