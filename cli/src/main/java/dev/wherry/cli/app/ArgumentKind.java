package dev.wherry.cli.app;

/** What an argument of a command names, so that a shell can complete it. */
enum ArgumentKind {
    CONTAINER,
    /** A container that runs, or is about to. */
    RUNNING,
    /** A container that can be started. */
    STOPPED,
    IMAGE,
    CONTAINER_OR_IMAGE,
    VOLUME,
    NETWORK,
    POD,
    CONTEXT,
    FILE,
    FOLDER
}
