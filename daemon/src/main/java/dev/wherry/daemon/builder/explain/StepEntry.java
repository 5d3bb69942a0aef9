package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import java.time.Duration;
import java.util.Optional;

/**
 * One step of a build in the history.
 *
 * @param name as the progress showed it
 * @param key what identified it; empty for a step that changed the config only, or never got so far
 * @param error why it failed; empty when it did not
 * @param output bytes it wrote
 * @param inputs what it depended on, where no cache record says so: of base images and of steps that failed
 * @param explanation why it was not taken from the cache, as JSON
 */
public record StepEntry(
        Place place,
        String name,
        Optional<Digest> key,
        boolean cached,
        boolean finished,
        Duration duration,
        String error,
        long output,
        Optional<StepInputs> inputs,
        Optional<JsonNode> explanation) {

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("step", place.step());
        json.put("stage", place.stage());
        json.put("instruction", place.instruction());
        json.put("name", name);
        key.ifPresent(digest -> json.put("key", digest.hex()));
        json.put("cached", cached);
        json.put("finished", finished);
        json.put("durationNanos", duration.toNanos());
        if (!error.isEmpty()) {
            json.put("error", error);
        }
        if (output > 0) {
            json.put("outputBytes", output);
        }
        inputs.ifPresent(known -> json.set("inputs", known.node()));
        explanation.ifPresent(why -> json.set("why", why));
        return json;
    }

    static StepEntry parse(JsonNode json) {
        return new StepEntry(
                new Place(
                        json.path("step").asInt(),
                        json.path("stage").asText(),
                        json.path("instruction").asText()),
                json.path("name").asText(),
                json.has("key")
                        ? Optional.of(new Digest("sha256", json.get("key").asText()))
                        : Optional.empty(),
                json.path("cached").asBoolean(),
                json.path("finished").asBoolean(),
                Duration.ofNanos(json.path("durationNanos").asLong()),
                json.path("error").asText(),
                json.path("outputBytes").asLong(),
                StepInputs.parse(json.path("inputs")),
                Optional.ofNullable(json.get("why")));
    }

    static ArrayNode json(Iterable<StepEntry> steps) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        steps.forEach(step -> list.add(step.json()));
        return list;
    }
}
