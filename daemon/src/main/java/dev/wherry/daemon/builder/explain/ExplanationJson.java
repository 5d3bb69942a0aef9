package dev.wherry.daemon.builder.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/** Explanations for machines. */
final class ExplanationJson {

    private ExplanationJson() {}

    static ObjectNode of(Explanation explanation) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("step", explanation.step());
        json.put("name", explanation.name());
        json.put("instruction", explanation.instruction());
        ArrayNode causes = json.putArray("causes");
        explanation.causes().forEach(cause -> causes.add(cause(cause, explanation.instruction())));
        ArrayNode suggestions = json.putArray("suggestions");
        explanation.suggestions().forEach(suggestions::add);
        return json;
    }

    static String kind(Cause cause) {
        return cause(cause, "").path("kind").asText();
    }

    private static ObjectNode cause(Cause cause, String instruction) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (cause) {
            case Cause.CacheRefused refused -> json.put("kind", "no-cache");
            case Cause.NoEarlierBuild none -> json.put("kind", "no-earlier-build");
            case Cause.NewInstruction added -> json.put("kind", "new-instruction");
            case Cause.Moved moved -> json.put("kind", "moved").put("from", moved.from());
            case Cause.Changed changed -> {
                json.put("kind", changed.kind().name().toLowerCase(Locale.ROOT).replace('_', '-') + "-changed");
                json.put("name", changed.name());
                value(json, "before", changed.before());
                value(json, "after", changed.after());
            }
            case Cause.Reordered reordered ->
                json.put("kind", "reordered")
                        .put(
                                "of",
                                reordered.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            case Cause.InputsUnknown unknown -> json.put("kind", "inputs-unknown");
            case Cause.FilesChanged files -> {
                json.put("kind", "files-changed")
                        .put("changed", files.changed())
                        .put("total", files.total());
                ArrayNode list = json.putArray("files");
                files.first().forEach(change -> list.add(file(change)));
            }
            case Cause.ContentChanged content -> json.put("kind", "content-changed");
            case Cause.ParentMissed parent ->
                json.put("kind", "parent-missed").put("step", parent.step()).put("root", parent.root());
            case Cause.SourceMissed source ->
                json.put("kind", "source-missed").put("step", source.step()).put("root", source.root());
            case Cause.OtherBefore other -> {
                json.put("kind", "other-before").put("step", other.step());
                ArrayNode list = json.putArray("causes");
                other.causes().forEach(inner -> list.add(cause(inner, other.instruction())));
            }
            case Cause.Pruned pruned ->
                json.put("kind", "pruned").put("at", pruned.at().toString());
            case Cause.OtherRun run -> json.put("kind", "other-run");
            case Cause.InCache(String cache, Cause why) ->
                json.put("kind", "in-cache").put("cache", cache).set("cause", cause(why, instruction));
            case Cause.NotFinished failed -> json.put("kind", "not-finished").put("error", failed.error());
            case Cause.Unknown unknown -> json.put("kind", "unknown");
        }
        return json.put("text", ExplanationText.line(cause, instruction));
    }

    private static void value(ObjectNode json, String field, Optional<RecordedInput> input) {
        input.filter(known -> !known.hidden()).ifPresent(known -> json.put(field, known.value()));
    }

    private static ObjectNode file(FileChange change) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("path", change.path());
        json.put("change", change.how().name().toLowerCase(Locale.ROOT));
        change.before().ifPresent(before -> json.set("before", file(before)));
        change.after().ifPresent(after -> json.set("after", file(after)));
        return json;
    }

    private static ObjectNode file(FileEntry entry) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        return json.put("path", entry.path())
                .put("mode", String.format(Locale.ROOT, "%04o", entry.permissions()))
                .put("size", entry.size());
    }
}
