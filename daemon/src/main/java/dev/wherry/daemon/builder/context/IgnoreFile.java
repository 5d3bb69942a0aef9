package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.linux.FileStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file in a client's directory that says which others its build ignores, as the client listed it. */
record IgnoreFile(SyncedContexts.Entry entry) {

    /** @param names where it may be; the first that is there counts */
    static Optional<IgnoreFile> among(List<SyncedContexts.Entry> listed, List<String> names) {
        return names.stream()
                .flatMap(name -> listed.stream()
                        .filter(entry ->
                                entry.isRegular() && entry.path().toString().equals(name)))
                .findFirst()
                .map(IgnoreFile::new);
    }

    /** What the build may see of the listed files, this one, and the directories they are in. */
    List<SyncedContexts.Entry> withoutIgnored(List<SyncedContexts.Entry> listed, SyncedContexts.Client client)
            throws IOException, InterruptedException {
        IgnorePatterns patterns = IgnorePatterns.parse(entry.path().toString(), content(client));
        return listed.stream().filter(file -> isSeen(file, patterns)).toList();
    }

    private boolean isSeen(SyncedContexts.Entry file, IgnorePatterns patterns) {
        String path = file.path().toString();
        boolean isDirectory = (file.mode() & FileStatus.TYPE) == FileStatus.DIRECTORY;
        return !patterns.ignores(path)
                || (isDirectory && patterns.mayContainIncluded(path))
                || entry.path().startsWith(file.path());
    }

    private byte[] content(SyncedContexts.Client client) throws IOException, InterruptedException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        client.read(List.of(entry.path()), (Path path, byte[] data, boolean last) -> {
            if (content.size() + data.length > Dockerfile.MAX_BYTES) {
                throw new InvalidInputException(entry.path() + " is larger than " + Dockerfile.MAX_BYTES + " bytes");
            }
            content.writeBytes(data);
        });
        return content.toByteArray();
    }
}
