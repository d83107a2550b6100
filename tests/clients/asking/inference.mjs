// `@huggingface/inference`: TGI's own route, chats, calls and a schema.

import assert from "node:assert";
import { InferenceClient } from "@huggingface/inference";

const { ENDPOINT_URL, ENDPOINT_TOKEN, ENDPOINT_MODEL, QUESTIONS } = process.env;
const { greeting, person, weather, schema, tool } = JSON.parse(QUESTIONS);
const client = new InferenceClient(ENDPOINT_TOKEN).endpoint(ENDPOINT_URL);
const said = (content) => [{ role: "user", content }];

const features = {
  textGeneration: async () => {
    const parameters = { max_new_tokens: 4, return_full_text: false };
    const answer = await client.textGeneration({ inputs: "The", parameters });
    assert.ok(answer.generated_text);
  },
  textGenerationStream: async () => {
    const parameters = { max_new_tokens: 4 };
    let text = "";
    for await (const event of client.textGenerationStream({ inputs: "The", parameters })) {
      text += event.token.text;
    }
    assert.ok(text);
  },
  chatCompletion: async () => {
    const answer = await client.chatCompletion({ model: ENDPOINT_MODEL, messages: greeting });
    assert.ok(answer.choices[0].message.content);
  },
  chatCompletionStream: async () => {
    let text = "";
    const asked = { model: ENDPOINT_MODEL, messages: greeting };
    for await (const chunk of client.chatCompletionStream(asked)) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    assert.ok(text);
  },
  "tool call": async () => {
    const asked = { model: ENDPOINT_MODEL, messages: said(weather), tools: [tool], temperature: 0 };
    const answer = await client.chatCompletion(asked);
    const call = answer.choices[0].message.tool_calls[0].function;
    assert.equal(call.name, "get_weather");
    assert.deepEqual(Object.keys(JSON.parse(call.arguments)), ["city"]);
  },
  "schema (`json_schema`)": async () => {
    const response_format = { type: "json_schema", json_schema: { name: "person", schema } };
    const asked = { model: ENDPOINT_MODEL, messages: said(person), response_format, temperature: 0 };
    const answer = await client.chatCompletion(asked);
    const found = JSON.parse(answer.choices[0].message.content);
    assert.deepEqual(Object.keys(found).sort(), ["who", "years"]);
  },
};

for (const [feature, ask] of Object.entries(features)) {
  let verdict = "works", text = "";
  try {
    await ask();
  } catch (error) {
    const status = error.httpResponse?.status;
    verdict = status ? `refused ${status}` : "wrong";
    const body = error.httpResponse?.body;
    text = `${error.name}: ${error.message} ${body ? JSON.stringify(body) : ""}`.trim();
  }
  console.log(JSON.stringify({ feature, verdict, text }));
}
