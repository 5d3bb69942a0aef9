package dev.wherry.daemon.api.cri;

import com.google.protobuf.ByteString;
import dev.wherry.cri.v1.ExecSyncRequest;
import dev.wherry.cri.v1.ExecSyncResponse;
import dev.wherry.daemon.container.config.SignalNumbers;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.runtime.OutputSink;
import io.grpc.Status;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a program in a container to its end, and answers all that it wrote. */
@Singleton
final class ExecSyncCall {

    /** What kubelet takes of a stream. */
    static final int LARGEST_STREAM = 16 << 20;

    private final Execs execs;

    ExecSyncCall(Execs execs) {
        this.execs = execs;
    }

    ExecSyncResponse run(ExecSyncRequest request) throws InterruptedException {
        if (request.getTimeout() < 0) {
            throw new InvalidInputException("the timeout must not be less than 0").in("timeout");
        }
        try {
            return run(request, execs.start(request.getContainerId(), ExecConfig.of(request.getCmdList())));
        } catch (StartException failure) {
            if (failure.exitCode().equals(ExitCode.RUNTIME_FAILED)) {
                throw failure;
            }
            // A program that is not there is what a probe finds, and no failure of the runtime.
            throw Status.UNKNOWN
                    .withDescription("failed to exec in container: " + failure.getMessage())
                    .asRuntimeException();
        }
    }

    private static ExecSyncResponse run(ExecSyncRequest request, Exec exec) throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        AtomicBoolean late = new AtomicBoolean();
        Thread watch = request.getTimeout() == 0 ? null : watch(exec, request.getTimeout(), ended, late);
        Output output = new Output();
        try (var streams = exec.streams()) {
            streams.copyTo(output);
            int code = exec.await().code().value();
            ended.set(true);
            if (late.get()) {
                throw Status.DEADLINE_EXCEEDED
                        .withDescription("command " + request.getCmd(0) + " timed out after " + request.getTimeout()
                                + " s and was killed")
                        .asRuntimeException();
            }
            return ExecSyncResponse.newBuilder()
                    .setStdout(output.stdout.toByteString())
                    .setStderr(output.stderr.toByteString())
                    .setExitCode(code)
                    .build();
        } catch (InterruptedException gone) {
            exec.signal(SignalNumbers.KILL);
            throw gone;
        } finally {
            if (watch != null) {
                watch.interrupt();
            }
        }
    }

    private static Thread watch(Exec exec, long seconds, AtomicBoolean ended, AtomicBoolean late) {
        return Thread.ofVirtual().name("exec-timeout").start(() -> {
            try {
                Thread.sleep(Duration.ofSeconds(seconds));
                if (!ended.get()) {
                    late.set(true);
                    exec.signal(SignalNumbers.KILL);
                    // What it has started may hold its streams.
                    exec.streams().close();
                }
            } catch (InterruptedException inTime) {
                // It has ended.
            }
        });
    }

    /** Keeps the beginning of each stream; what is more goes nowhere, so that the program can end. */
    private static final class Output implements OutputSink {
        private final ByteString.Output stdout = ByteString.newOutput();
        private final ByteString.Output stderr = ByteString.newOutput();

        @Override
        public void stdout(byte[] bytes) {
            keep(stdout, bytes);
        }

        @Override
        public void stderr(byte[] bytes) {
            keep(stderr, bytes);
        }

        private static void keep(ByteString.Output stream, byte[] bytes) {
            int room = LARGEST_STREAM - stream.size();
            stream.write(bytes, 0, Math.min(room, bytes.length));
        }
    }
}
