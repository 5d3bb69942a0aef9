package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.v1.BuildEvent;

/** Where the events of a build go: to its client, as soon as that takes more. */
@FunctionalInterface
interface EventSink {
    void send(BuildEvent event) throws InterruptedException;
}
