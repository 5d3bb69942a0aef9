package dev.wherry.daemon.api.cri.stream;

import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;

/** Runs a session, and says how it ended. */
final class ProcessCall {

    private ProcessCall() {}

    /** @throws InterruptedException when the client leaves, or the daemon ends */
    static byte[] run(Session session, ProcessStreams client, StreamProtocol protocol) throws InterruptedException {
        try {
            return ExitReport.ended(session.run(client), protocol);
        } catch (CancelledException gone) {
            throw new InterruptedException(gone.getMessage());
        } catch (WherryException failure) {
            return ExitReport.failed(failure.getMessage(), protocol);
        }
    }
}
