package dev.wherry.daemon.image.archive;

import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.compression.Compression;
import java.util.List;
import java.util.OptionalInt;

/**
 * What an archive of an image is to be.
 *
 * @param format which tools are to take it
 * @param names the image has in it
 * @param level of the compression; empty for the usual one
 * @param forceCompression compress layers again that came compressed
 * @param ociTypes whether media types are those of OCI, or those that docker had before
 */
public record ArchiveOptions(
        Format format,
        List<Reference> names,
        Compression compression,
        OptionalInt level,
        boolean forceCompression,
        boolean ociTypes) {

    /** The two kinds of archive. */
    public enum Format {
        /** An image layout (OCI image-spec, "Image Layout"). */
        OCI("OCI image layout"),
        /** The same with what {@code docker load} looks for. */
        DOCKER("docker archive");

        private final String title;

        Format(String title) {
            this.title = title;
        }

        /** What people call it. */
        public String title() {
            return title;
        }
    }

    public ArchiveOptions {
        names = List.copyOf(names);
        compression.checkLevel(level);
    }
}
