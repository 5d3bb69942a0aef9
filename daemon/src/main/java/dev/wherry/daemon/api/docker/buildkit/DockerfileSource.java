package dev.wherry.daemon.api.docker.buildkit;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.wherry.buildkit.ops.Position;
import dev.wherry.buildkit.ops.Range;
import dev.wherry.buildkit.ops.SourceInfo;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.WherryException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The Dockerfile of a build, for clients that show the lines which an error or a warning is about. They want the whole file and
 * show a few lines of it: those are sent, at their places.
 *
 * @param file as messages name it
 */
record DockerfileSource(String file, byte[] text) {

    private static final String LANGUAGE = "Dockerfile";

    /** BuildKit's name for the detail of an error that says where it is. */
    private static final String ERROR_SOURCE = "github.com/moby/buildkit/errdefs.Source+json";

    /** Lines that clients show before and after those that are meant. */
    private static final int AROUND = 4;

    /** An error travels in headers, which have little room. */
    private static final int MOST_BYTES = 1_500;

    /**
     * The lines around some of the file; empty where that would be too much, or there are none.
     *
     * @param line the first that is meant, from 1
     */
    Optional<SourceInfo> around(int line, int endLine) {
        if (line < 1) {
            return Optional.empty();
        }
        int first = start(line - AROUND);
        int end = start(Math.max(line, endLine) + AROUND + 1);
        int above = Math.max(0, line - AROUND - 1);
        if (start(line) >= text.length || above + end - first > MOST_BYTES) {
            return Optional.empty();
        }
        byte[] shown = new byte[above + end - first];
        Arrays.fill(shown, 0, above, (byte) '\n');
        System.arraycopy(text, first, shown, above, end - first);
        return Optional.of(SourceInfo.newBuilder()
                .setFilename(file)
                .setData(ByteString.copyFrom(shown))
                .setLanguage(LANGUAGE)
                .build());
    }

    /** Where a line begins, or else the file ends. */
    private int start(int line) {
        int at = 0;
        for (int number = 1; number < line && at < text.length; at++) {
            if (text[at] == '\n') {
                number++;
            }
        }
        return at;
    }

    static Range range(int line, int endLine) {
        return Range.newBuilder()
                .setStart(Position.newBuilder().setLine(line))
                .setEnd(Position.newBuilder().setLine(Math.max(line, endLine)))
                .build();
    }

    /** What shows the place of a failure, if it has one in this file. */
    Optional<Any> detail(WherryException failure) {
        return switch (failure) {
            case BuildException step -> detail(step.file(), step.line(), step.endLine());
            case WherryException _
            when failure.getCause() instanceof DockerfileException place ->
                detail(place.file(), place.line(), place.endLine());
            default -> Optional.empty();
        };
    }

    private Optional<Any> detail(String name, int line, int endLine) {
        return name.equals(file)
                ? around(line, endLine)
                        .map(lines -> Any.newBuilder()
                                .setTypeUrl(ERROR_SOURCE)
                                .setValue(json(lines, line, endLine))
                                .build())
                : Optional.empty();
    }

    private static ByteString json(SourceInfo lines, int line, int endLine) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("info")
                .put("filename", lines.getFilename())
                .put("data", lines.getData().toByteArray())
                .put("language", lines.getLanguage());
        ObjectNode range = json.putArray("ranges").addObject();
        range.putObject("start").put("line", line);
        range.putObject("end").put("line", Math.max(line, endLine));
        return ByteString.copyFromUtf8(json.toString());
    }
}
