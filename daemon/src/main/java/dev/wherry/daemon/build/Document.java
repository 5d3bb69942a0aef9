package dev.wherry.daemon.build;

/**
 * A file whose content stands in the Dockerfile itself.
 *
 * @param name of the file where the destination is a directory
 */
record Document(String name, String text) {}
