package dev.wherry.daemon.builder.context;

import dev.wherry.daemon.linux.FileStatus;
import java.nio.file.Path;

/**
 * A file that a COPY selected, as it was when it was looked at.
 *
 * @param path where it is on this host
 * @param target where it goes, relative to the destination; empty for the contents of a directory that is itself a
 *     source
 */
public record SourceFile(Path path, Path target, FileStatus status) {}
