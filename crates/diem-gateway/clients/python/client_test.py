"""OpenAI's own client, unmodified, and Venice's key flow with eth_account."""

import json
import os
import unittest
import urllib.request

import openai
from eth_account import Account
from eth_account.messages import encode_defunct

GATEWAY = os.environ["DIEM_GATEWAY"]
MODEL = "stand-in"
MESSAGES = [{"role": "user", "content": "Say a few words."}]


def ask(url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["data"]


def make_key(**wish):
    """A text is fetched, signed by the wallet, and sent back for a key."""
    url = f"{GATEWAY}/api/v1/api_keys/generate_web3_key"
    account = Account.from_key(os.environ["DIEM_HOLDER_KEY"])
    token = ask(url)["token"]
    signature = account.sign_message(encode_defunct(text=token)).signature.hex()
    signed = {"address": account.address, "signature": "0x" + signature.removeprefix("0x"), "token": token}
    return ask(url, {"apiKeyType": "INFERENCE", "description": "made with eth_account", **wish, **signed})


class Client(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = openai.OpenAI(api_key=make_key()["apiKey"], base_url=f"{GATEWAY}/v1")

    def chat(self, **more):
        return self.client.chat.completions.create(**{"model": MODEL, "messages": MESSAGES, **more})

    def test_models_are_listed_and_found(self):
        self.assertIn(MODEL, [model.id for model in self.client.models.list()])
        self.assertEqual(self.client.models.retrieve(MODEL).id, MODEL)

    def test_a_chat_is_answered_and_its_cost_is_told(self):
        raw = self.client.chat.completions.with_raw_response.create(model=MODEL, messages=MESSAGES)
        answer = raw.parse()
        self.assertEqual(len(answer.choices[0].message.content.split()), 12)
        self.assertEqual(answer.cost["diem"], 0.000033)
        self.assertEqual(raw.headers["x-diem-cost"], "0.000033")

    def test_a_chat_is_streamed(self):
        said, usage = "", None
        for chunk in self.chat(stream=True, stream_options={"include_usage": True}):
            said += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            usage = chunk.usage or usage
        self.assertEqual((len(said.split()), usage.completion_tokens), (12, 12))
        for chunk in self.chat(stream=True):
            self.assertEqual(len(chunk.choices), 1)

    def test_embeddings_come_as_numbers_packed_or_not(self):
        packed = self.client.embeddings.create(model="vectors", input=["one two", "three"])
        plain = self.client.embeddings.create(model="vectors", input=["one two", "three"], encoding_format="float")
        self.assertEqual([len(one.embedding) for one in packed.data], [8, 8])
        for left, right in zip(packed.data[1].embedding, plain.data[1].embedding):
            self.assertAlmostEqual(left, right, places=6)

    def test_images_are_made(self):
        answer = self.client.images.generate(model="pictures", prompt="a heron", n=2)
        self.assertEqual(len(answer.data), 2)

    def test_responses_are_answered_and_streamed(self):
        whole = self.client.responses.create(model=MODEL, input="Say a few words.")
        self.assertEqual(len(whole.output_text.split()), 12)
        events = list(self.client.responses.create(model=MODEL, input="Say a few words.", stream=True))
        said = "".join(event.delta for event in events if event.type == "response.output_text.delta")
        self.assertEqual((said, events[-1].type), (whole.output_text, "response.completed"))

    def test_tools_are_called(self):
        parameters = {"type": "object", "properties": {"city": {"type": "string"}}}
        tools = [{"type": "function", "function": {"name": "weather", "parameters": parameters}}]
        (call,) = self.chat(tools=tools).choices[0].message.tool_calls
        self.assertEqual((call.function.name, json.loads(call.function.arguments)), ("weather", {"city": "amber"}))

    def test_errors_are_the_clients_own_kinds(self):
        with self.assertRaises(openai.NotFoundError) as caught:
            self.chat(model="nobody's")
        self.assertEqual(caught.exception.code, "model_not_found")
        with self.assertRaises(openai.BadRequestError):
            self.chat(max_tokens=-1)
        stranger = openai.OpenAI(api_key="diem_" + "0" * 64, base_url=f"{GATEWAY}/v1")
        with self.assertRaises(openai.AuthenticationError):
            stranger.models.with_raw_response.list()
            stranger.chat.completions.create(model=MODEL, messages=MESSAGES)
        with self.assertRaises(openai.APIStatusError) as caught:
            self.chat(max_tokens=1_000_000_000)
        self.assertEqual((caught.exception.status_code, caught.exception.code), (402, "INSUFFICIENT_BALANCE"))
        with self.assertRaises(openai.APIError):
            list(self.chat(stream=True, extra_body={"stand_in": {"break_after": 4}}))

    def test_a_key_with_a_limit_is_held_to_it(self):
        made = make_key(consumptionLimit={"usd": 0}, limitPeriod="LIFETIME")
        limited = openai.OpenAI(api_key=made["apiKey"], base_url=f"{GATEWAY}/api/v1")
        with self.assertRaises(openai.APIStatusError) as caught:
            limited.chat.completions.create(model=MODEL, messages=MESSAGES)
        self.assertEqual(caught.exception.code, "API_KEY_DIEM_SPEND_LIMIT_EXCEEDED")


if __name__ == "__main__":
    unittest.main()
