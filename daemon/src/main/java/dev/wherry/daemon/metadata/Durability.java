package dev.wherry.daemon.metadata;

/** What a change of the {@link Database} survives. */
public enum Durability {
    /** A power failure: the change waits until the disk has it. */
    SYNCED("FULL"),
    /**
     * A crash of the daemon, but not a power failure, which may lose the change and those after it. The next change that
     * waits for the disk makes this one durable too, so that nothing durable ever rests on what was lost. For what can be
     * done again, such as the steps of a build, or what is not true any more after a power failure.
     */
    RELAXED("NORMAL");

    private final String synchronous;

    Durability(String synchronous) {
        this.synchronous = synchronous;
    }

    /** The value of SQLite's pragma "synchronous", in WAL mode. */
    String synchronous() {
        return synchronous;
    }
}
