package dev.wherry.daemon.builder.copy;

/**
 * A file whose content stands in the Dockerfile itself.
 *
 * @param name of the file where the destination is a directory
 */
public record InlineFile(String name, String text) {}
