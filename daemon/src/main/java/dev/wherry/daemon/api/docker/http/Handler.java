package dev.wherry.daemon.api.docker.http;

/** What answers one kind of request, on a virtual thread of its own. */
@FunctionalInterface
public interface Handler {

    /** An error that it throws before it has begun to answer is the answer. */
    void handle(Exchange call) throws Exception;
}
