package dev.wherry.daemon.api.docker.buildkit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.wherry.buildkit.gateway.Result;
import dev.wherry.daemon.builder.BuildSession;
import dev.wherry.daemon.builder.dockerfile.check.Finding;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.builder.report.Outline;
import dev.wherry.daemon.builder.report.Target;
import dev.wherry.daemon.error.UnsupportedException;
import java.util.List;
import java.util.function.Function;

/** Questions about a Dockerfile, which clients ask instead of a build, and their answers in JSON and in text. */
final class Subrequests {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String VERSION = "1.0.0";

    /** A client shows none of a source of this number. */
    private static final int NO_SOURCE = -1;

    private static final String LINT = "frontend.lint";
    private static final String OUTLINE = "frontend.outline";
    private static final String TARGETS = "frontend.targets";
    private static final String DESCRIBE = "frontend.subrequests.describe";

    /**
     * Answers a question.
     *
     * @param client shows where an error is
     * @param sessions makes a session that reports to someone
     */
    Result answer(String question, ProgressReport client, Function<ProgressReport, BuildSession> sessions) {
        Warnings warnings = new Warnings(client);
        return switch (question) {
            case LINT -> {
                sessions.apply(warnings).check();
                yield lint(warnings);
            }
            case OUTLINE -> outline(sessions.apply(warnings).outline());
            case TARGETS -> targets(sessions.apply(warnings).targets());
            case DESCRIBE -> describe();
            default -> throw new UnsupportedException("wherryd does not know the question \"" + question + "\"");
        };
    }

    private static Result.Builder result(String json, String text) {
        return Result.newBuilder()
                .putMetadata("result.json", ByteString.copyFromUtf8(json))
                .putMetadata("result.txt", ByteString.copyFromUtf8(text))
                .putMetadata("version", ByteString.copyFromUtf8(VERSION));
    }

    private static ObjectNode location(int line, int end) {
        ObjectNode location = JSON.objectNode();
        ObjectNode range = location.putArray("ranges").addObject();
        range.putObject("start").put("line", line);
        range.putObject("end").put("line", Math.max(line, end));
        return location;
    }

    private static Result lint(Warnings warnings) {
        ObjectNode json = JSON.objectNode();
        ArrayNode list = json.putArray("warnings");
        StringBuilder text = new StringBuilder();
        for (Warning warning : warnings.found) {
            ObjectNode one = list.addObject();
            warning.finding()
                    .ifPresentOrElse(
                            finding -> {
                                one.put("ruleName", finding.rule().title());
                                one.put("description", finding.rule().description());
                            },
                            () -> one.put("ruleName", "Warning"));
            one.put("detail", warning.message());
            ObjectNode location = location(
                    warning.line(),
                    warning.finding()
                            .map(Finding::position)
                            .map(position -> position.endLine())
                            .orElse(warning.line()));
            if (warning.line() == 0) {
                location.put("sourceIndex", NO_SOURCE);
            }
            one.set("location", location);
            text.append(one.path("ruleName").asText())
                    .append(": ")
                    .append(warning.message())
                    .append(" (line ")
                    .append(warning.line())
                    .append(")\n");
        }
        ArrayNode sources = json.putArray("sources");
        if (!warnings.found.isEmpty()) {
            sources.addObject()
                    .put("filename", warnings.found.getFirst().file())
                    .put("data", warnings.text())
                    .put("language", "Dockerfile");
        }
        return result(json.toString(), text.toString())
                .putMetadata("result.statuscode", ByteString.copyFromUtf8(warnings.found.isEmpty() ? "0" : "1"))
                .build();
    }

    private static Result outline(Outline outline) {
        ObjectNode json = JSON.objectNode();
        StringBuilder text = new StringBuilder();
        json.put("name", outline.name());
        json.put("description", outline.description());
        text.append("TARGET: ").append(outline.name()).append('\n');
        ArrayNode args = json.putArray("args");
        outline.args().forEach(arg -> {
            args.addObject()
                    .put("name", arg.name())
                    .put("description", arg.description())
                    .put("value", arg.value())
                    .set("location", location(arg.line(), arg.line()));
            text.append("BUILD ARG ")
                    .append(arg.name())
                    .append('=')
                    .append(arg.value())
                    .append('\n');
        });
        mounts(json.putArray("secrets"), outline.secrets(), "SECRET", text);
        mounts(json.putArray("ssh"), outline.ssh(), "SSH", text);
        return result(json.toString(), text.toString()).build();
    }

    private static void mounts(ArrayNode list, List<Outline.Mount> mounts, String kind, StringBuilder text) {
        mounts.forEach(mount -> {
            list.addObject()
                    .put("name", mount.id())
                    .put("required", mount.required())
                    .set("location", location(mount.line(), mount.line()));
            text.append(kind).append(' ').append(mount.id()).append('\n');
        });
    }

    private static Result targets(List<Target> targets) {
        ObjectNode json = JSON.objectNode();
        StringBuilder text = new StringBuilder();
        ArrayNode list = json.putArray("targets");
        targets.forEach(target -> {
            list.addObject()
                    .put("name", target.name())
                    .put("default", target.isDefault())
                    .put("description", target.description())
                    .put("base", target.base())
                    .put("platform", target.platform())
                    .set("location", location(target.line(), target.line()));
            text.append(target.name()).append('\t').append(target.description()).append('\n');
        });
        json.putArray("sources");
        return result(json.toString(), text.toString()).build();
    }

    private static Result describe() {
        ArrayNode list = JSON.arrayNode();
        StringBuilder text = new StringBuilder();
        describe(list, text, DESCRIBE, "List available subrequest types");
        describe(list, text, OUTLINE, "List all parameters current build target supports");
        describe(list, text, TARGETS, "List all targets current build supports");
        describe(list, text, LINT, "Lint a Dockerfile");
        return result(list.toString(), text.toString()).build();
    }

    private static void describe(ArrayNode list, StringBuilder text, String name, String description) {
        list.addObject()
                .put("name", name)
                .put("version", VERSION)
                .put("type", "rpc")
                .put("description", description);
        text.append(name).append('\t').append(description).append('\n');
    }
}
