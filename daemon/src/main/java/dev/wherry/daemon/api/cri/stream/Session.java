package dev.wherry.daemon.api.cri.stream;

/** What a client is joined to. */
@FunctionalInterface
interface Session {

    /**
     * Joins the client to a process until the process ends. The thread is interrupted when the client leaves.
     *
     * @return the exit code of the process, as far as the client may know it; 0 otherwise
     * @throws dev.wherry.daemon.error.WherryException when there is no process to join
     */
    int run(ProcessStreams client) throws InterruptedException;
}
