package dev.wherry.daemon.snapshot.files;

/**
 * What is at a path in a container.
 *
 * @param name last component of the path as it was asked for
 * @param mode as stat(2) has it
 * @param modifiedNanos since 1970
 * @param linkTarget of a symbolic link: the absolute path in the container that it leads to; else empty
 */
public record PathStat(String name, long size, int mode, long modifiedNanos, String linkTarget) {}
