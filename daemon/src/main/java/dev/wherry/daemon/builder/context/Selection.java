package dev.wherry.daemon.builder.context;

import java.util.List;

/**
 * The files that a COPY reads.
 *
 * @param sources one a source, in the order of the instruction; what a wildcard matches comes in the order of its bytes
 * @param owned whether files have owners that mean something where they are copied: those of an image have, those of a
 *     build context belong to somebody on another host
 */
public record Selection(List<Source> sources, boolean owned) {

    public Selection {
        sources = List.copyOf(sources);
    }

    /**
     * One source: a single file, or a directory whose contents are meant.
     *
     * @param top the file or directory itself
     * @param contents what is in the directory at any depth, parents before children; empty for a file
     */
    public record Source(SourceFile top, List<SourceFile> contents) {

        public boolean isDirectory() {
            return top.status().isDirectory();
        }
    }

    /** How many files are selected, directories included. */
    public int size() {
        return sources.stream().mapToInt(source -> source.contents().size() + 1).sum();
    }
}
