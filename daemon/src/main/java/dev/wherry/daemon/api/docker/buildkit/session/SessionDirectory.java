package dev.wherry.daemon.api.docker.buildkit.session;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The directory that a client works in. A session does not say where its files are, only a word for them; together with
 * the folder in which the client's process runs it tells one directory from another well enough to keep a copy of it.
 *
 * @param key what the client calls its directory, or else what no other session is called
 * @param process the working directory of the client's process; empty when that is not known
 */
public record SessionDirectory(String key, Optional<Path> process) {

    /**
     * Where the files may be: a name for messages and for the copy, not a place to read.
     *
     * @param word what the client calls this directory in particular; empty for its main one
     */
    public Path path(String word) {
        Path name = Path.of(last(word.isEmpty() ? key : word));
        return process.map(folder -> folder.endsWith(name) ? folder : folder.resolve(name))
                .orElse(name);
    }

    /** The word is the last name of the directory, with a name of the client's host after a colon. */
    private static String last(String word) {
        String name = word.contains(":") ? word.substring(0, word.lastIndexOf(':')) : word;
        String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.isEmpty() || plain.equals(".") || plain.equals("..") ? "context" : plain;
    }
}
