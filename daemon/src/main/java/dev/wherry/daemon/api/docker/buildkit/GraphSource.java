package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.buildkit.ops.Op;
import dev.wherry.buildkit.ops.SourceOp;
import dev.wherry.daemon.builder.source.GitUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A definition of BuildKit's graph that fetches something and does no more with it than unpack it, or take one directory of it:
 * clients read single files so where they are elsewhere, such as those of bake.
 *
 * @param address as users write it
 * @param file what a download that is one file is called; empty for a git repository
 * @param unpacked whether the files of an archive are meant, not the archive
 */
record GraphSource(String address, Optional<String> file, boolean unpacked) {

    private static final String GIT = "git://";
    private static final String GIT_ADDRESS = "git.fullurl";
    private static final String FILE_NAME = "http.filename";
    private static final String CHECKSUM = "git.checksum";
    private static final int MOST_OPERATIONS = 3;

    /** An operation on files, its one action, that it is a copy, and that the copy unpacks. */
    private static final int FILE_OPERATION = 4;

    private static final int ACTION = 2;
    private static final int COPY = 4;
    private static final int SOURCE = 1;
    private static final int DESTINATION = 2;
    private static final int CONTENTS = 6;
    private static final int UNPACKS = 7;

    /** Empty for a definition that does anything else. */
    static Optional<GraphSource> of(Definition definition) {
        Optional<GraphSource> found = Optional.empty();
        Optional<UnknownFieldSet> copied = Optional.empty();
        if (definition.getDefCount() > MOST_OPERATIONS) {
            return found;
        }
        try {
            for (ByteString bytes : definition.getDefList()) {
                Op op = Op.parseFrom(bytes);
                boolean known = op.getUnknownFields().asMap().isEmpty();
                if (op.hasSource() && found.isPresent() || !known && copied.isPresent()) {
                    return Optional.empty();
                }
                if (!known) {
                    copied = copy(op);
                    if (copied.isEmpty()) {
                        return Optional.empty();
                    }
                }
                if (op.hasSource()) {
                    found = source(op.getSource());
                }
            }
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
        Optional<UnknownFieldSet> copy = copied;
        return copy.isEmpty() ? found : found.flatMap(source -> source.after(copy.get()));
    }

    /** What an operation copies into an empty directory, if that is all it does. */
    private static Optional<UnknownFieldSet> copy(Op op) throws InvalidProtocolBufferException {
        UnknownFieldSet part = op.getUnknownFields();
        if (part.asMap().size() != 1) {
            return Optional.empty();
        }
        for (int field : new int[] {FILE_OPERATION, ACTION, COPY}) {
            List<ByteString> parts = part.getField(field).getLengthDelimitedList();
            if (parts.size() != 1) {
                return Optional.empty();
            }
            part = UnknownFieldSet.parseFrom(parts.getFirst());
        }
        return Optional.of(part).filter(copy -> text(copy, DESTINATION).equals("/"));
    }

    private static String text(UnknownFieldSet message, int field) {
        return message.getField(field).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .findFirst()
                .orElse("");
    }

    private static boolean isSet(UnknownFieldSet message, int field) {
        return message.getField(field).getVarintList().equals(List.of(1L));
    }

    /** What there is after a copy: the files of an archive, or a directory of a repository. */
    private Optional<GraphSource> after(UnknownFieldSet copy) {
        if (file.isPresent()) {
            return isSet(copy, UNPACKS) ? Optional.of(new GraphSource(address, file, true)) : Optional.empty();
        }
        String directory = text(copy, SOURCE).replaceFirst("^/+", "");
        return isSet(copy, CONTENTS) && !directory.isEmpty() && !address.contains("?")
                ? Optional.of(new GraphSource(below(directory), file, false))
                : Optional.empty();
    }

    private String below(String directory) {
        int fragment = address.indexOf('#');
        if (fragment < 0) {
            return address + "#:" + directory;
        }
        return address + (address.indexOf(':', fragment) < 0 ? ":" : "/") + directory;
    }

    private static String checked(String address, String fragment, String checksum) {
        String[] parts = fragment.split(":", 2);
        return address + "?checksum=" + encoded(checksum)
                + (parts[0].isEmpty() ? "" : "&ref=" + encoded(parts[0]))
                + (parts.length < 2 ? "" : "&subdir=" + encoded(parts[1]));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Optional<GraphSource> source(SourceOp source) {
        String identifier = source.getIdentifier();
        if (identifier.startsWith(GIT)) {
            int fragment = identifier.indexOf('#');
            String address = source.getAttrsOrDefault(
                    GIT_ADDRESS, fragment < 0 ? identifier : identifier.substring(0, fragment));
            String part = fragment < 0 ? "" : identifier.substring(fragment + 1);
            String checksum = source.getAttrsOrDefault(CHECKSUM, "");
            String url = checksum.isEmpty()
                    ? address + (part.isEmpty() ? "" : "#" + part)
                    : checked(address, part, checksum);
            return Optional.of(url).filter(GitUrl::isOne).map(one -> new GraphSource(one, Optional.empty(), false));
        }
        if (identifier.startsWith("https://") || identifier.startsWith("http://")) {
            String last = identifier.replaceFirst("[?#].*", "").replaceFirst(".*/", "");
            return Optional.of(new GraphSource(
                    identifier,
                    Optional.of(source.getAttrsOrDefault(FILE_NAME, last.isEmpty() ? "download" : last)),
                    false));
        }
        return Optional.empty();
    }
}
