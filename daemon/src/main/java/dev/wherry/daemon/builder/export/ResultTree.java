package dev.wherry.daemon.builder.export;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The files of a result, mounted.
 *
 * @param folder where they are to lie in the output; empty for its top
 * @param root empty when the result has no files
 * @param modified the time that every file gets instead of its own, in seconds since 1970
 */
record ResultTree(Optional<String> folder, Optional<Path> root, OptionalLong modified) {}
