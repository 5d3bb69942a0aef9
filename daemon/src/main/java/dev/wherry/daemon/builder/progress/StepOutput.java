package dev.wherry.daemon.builder.progress;

/**
 * Where a step that runs tells of itself; everyone who waits for the step learns it. Any thread may call. A call may
 * wait for a reader, but never for long.
 */
public interface StepOutput {

    /** A process wrote something; the array belongs to the receiver. */
    void output(BuildProgress.Stream stream, byte[] data);

    /** Bytes moved so far; the total is 0 when unknown. */
    void transferred(String item, long current, long total);

    /**
     * The step has failed, and its state stays as it is until a shell that is open to the build's client has ended.
     *
     * @param shell the ID by which the client opens it
     * @param problem why the step failed
     */
    void offered(String shell, String problem);
}
