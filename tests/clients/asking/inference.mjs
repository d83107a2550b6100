// `@huggingface/inference`: raw text (by /v1/completions, also for TGI), chats, calls and a schema.

import assert from "node:assert";
import { InferenceClient } from "@huggingface/inference";

const { ENDPOINT_URL, ENDPOINT_TOKEN, ENDPOINT_MODEL, QUESTIONS } = process.env;
const { greeting, person, weather, schema, tool } = JSON.parse(QUESTIONS);
const client = new InferenceClient(ENDPOINT_TOKEN).endpoint(ENDPOINT_URL);
// A name that begins with a slash, as TGI's does, is taken for an address.
const model = ENDPOINT_MODEL.startsWith("/") ? "tgi" : ENDPOINT_MODEL;
const said = (content) => [{ role: "user", content }];

const features = {
  textGeneration: async () => {
    const parameters = { max_new_tokens: 4 };
    const answer = await client.textGeneration({ model, inputs: "The", parameters });
    assert.ok(answer.generated_text);
  },
  textGenerationStream: async () => {
    const parameters = { max_new_tokens: 4 };
    let text = "";
    for await (const event of client.textGenerationStream({ model, inputs: "The", parameters })) {
      // Typed as TGI's events, but what comes is passed on as it is.
      text += event.token?.text ?? event.choices[0].text;
    }
    assert.ok(text);
  },
  chatCompletion: async () => {
    const answer = await client.chatCompletion({ model, messages: greeting });
    assert.ok(answer.choices[0].message.content);
  },
  chatCompletionStream: async () => {
    let text = "";
    const asked = { model, messages: greeting };
    for await (const chunk of client.chatCompletionStream(asked)) {
      text += chunk.choices[0]?.delta.content ?? "";
    }
    assert.ok(text);
  },
  "tool call": async () => {
    const asked = { model, messages: said(weather), tools: [tool], temperature: 0 };
    const answer = await client.chatCompletion(asked);
    const call = answer.choices[0].message.tool_calls[0].function;
    assert.equal(call.name, "get_weather");
    assert.deepEqual(Object.keys(JSON.parse(call.arguments)), ["city"]);
  },
  "schema (`json_schema`)": async () => {
    const response_format = { type: "json_schema", json_schema: { name: "person", schema } };
    const asked = { model, messages: said(person), response_format, temperature: 0 };
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
    text = `${error.name}: ${error.message}`;
  }
  console.log(JSON.stringify({ feature, verdict, text }));
}
