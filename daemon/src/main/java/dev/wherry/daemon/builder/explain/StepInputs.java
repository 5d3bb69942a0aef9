package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import dev.wherry.daemon.content.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@link Inputs} of a step as its cache record and the history keep them.
 *
 * @param instruction the instruction as written, on one line
 * @param list in the order of the inputs, without the digest of copied files
 * @param files content digest of the files that a copy reads; names their {@link FileList}
 * @param reads the files that a RUN opened, of those that earlier copies brought; empty when that is not known
 */
public record StepInputs(
        String instruction, List<RecordedInput> list, Optional<Digest> files, Optional<List<String>> reads) {

    /** Counts up when inputs are recorded in another way, so that no record is compared with one of another format. */
    private static final int FORMAT = 2;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    public StepInputs {
        list = List.copyOf(list);
        reads = reads.map(List::copyOf);
    }

    /** What is recorded of a step with these inputs. */
    public static StepInputs of(String instruction, Inputs inputs) {
        List<RecordedInput> list = new ArrayList<>();
        Optional<Digest> files = Optional.empty();
        for (Input input : inputs.list()) {
            if (input.kind() == Input.Kind.FILES) {
                files = Optional.of(Digest.parse(input.value()));
            } else {
                list.add(RecordedInput.of(input));
            }
        }
        return new StepInputs(instruction, list, files, Optional.empty());
    }

    /** The form that {@link #parse} reads. */
    public String json() {
        return node().toString();
    }

    ObjectNode node() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("instruction", instruction);
        ArrayNode inputs = json.putArray("inputs");
        for (RecordedInput input : list) {
            ArrayNode one =
                    inputs.addArray().add(input.kind().name()).add(input.name()).add(input.value());
            if (!input.mark().isEmpty()) {
                one.add(input.mark());
            }
        }
        files.ifPresent(content -> json.put("files", content.toString()));
        reads.ifPresent(paths -> paths.forEach(json.withArray("reads")::add));
        reads.filter(List::isEmpty).ifPresent(none -> json.putArray("reads"));
        return json;
    }

    /** What a record says; empty when it is of another format. */
    public static Optional<StepInputs> parse(String json) {
        try {
            return parse(MAPPER.readTree(json));
        } catch (JacksonException otherFormat) {
            return Optional.empty();
        }
    }

    static Optional<StepInputs> parse(JsonNode json) {
        if (json.path("format").asInt() != FORMAT) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(json));
        } catch (RuntimeException malformed) {
            return Optional.empty();
        }
    }

    private static StepInputs read(JsonNode json) {
        List<RecordedInput> inputs = new ArrayList<>();
        for (JsonNode one : json.path("inputs")) {
            inputs.add(new RecordedInput(
                    Input.Kind.valueOf(one.path(0).asText()),
                    one.path(1).asText(),
                    one.path(2).asText(),
                    one.path(3).asText()));
        }
        Optional<List<String>> reads = Optional.empty();
        if (json.has("reads")) {
            List<String> paths = new ArrayList<>();
            json.get("reads").forEach(path -> paths.add(path.asText()));
            reads = Optional.of(paths);
        }
        Optional<Digest> files =
                json.has("files") ? Optional.of(Digest.parse(json.get("files").asText())) : Optional.empty();
        return new StepInputs(json.path("instruction").asText(), inputs, files, reads);
    }
}
