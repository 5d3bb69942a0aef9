package dev.wherry.daemon.api.docker.http;

/** The engine that clients see in this API. */
public final class EngineVersion {

    /** Docker's last release whose newest API version is {@link ApiVersion#NEWEST}: clients compare it with others. */
    public static final String NUMBER = "28.5.2";

    private EngineVersion() {}
}
