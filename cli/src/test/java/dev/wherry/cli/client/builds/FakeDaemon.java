package dev.wherry.cli.client.builds;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildAcknowledgement;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildResumed;
import dev.wherry.v1.BuildSession;
import dev.wherry.v1.StepOutput;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** A daemon that sends numbered events, notes the numbers of requests, and loses connections at random moments. */
final class FakeDaemon implements BuildConnection.Calls {
    private static final long WINDOW = 1 << 20;
    private static final int ON_THE_WAY = 8;

    private final Random random;
    private final int events;
    private final int expected;
    private final int size;
    private final List<Integer> requests = new ArrayList<>();
    private Connection present;
    private int connections;
    private int awaited;
    private int cutsLeft;
    private boolean session = true;
    private boolean deaf;
    private int patience = 60;
    private StatusException refusal;

    FakeDaemon(Random random, int events, int expected, int size) {
        this.random = random;
        this.events = events;
        this.expected = expected;
        this.size = size;
        this.cutsLeft = expected == 0 || events == 1 ? 0 : random.nextInt(6);
    }

    FakeDaemon withoutSession() {
        session = false;
        return this;
    }

    /** Takes no request. */
    FakeDaemon deaf() {
        deaf = true;
        return this;
    }

    FakeDaemon patient(int seconds) {
        patience = seconds;
        return this;
    }

    /** Ends each further connection so. */
    synchronized void refuse(StatusException with) {
        refusal = with;
    }

    synchronized void cut() {
        present.end(Status.UNAVAILABLE.asException());
    }

    synchronized List<Integer> requests() {
        return List.copyOf(requests);
    }

    synchronized int connections() {
        return connections;
    }

    synchronized int cancellationsAwaited() {
        return awaited;
    }

    @Override
    public synchronized BuildConnection first() {
        connections++;
        present = new Connection(cutsLeft-- > 0 ? 1 + random.nextInt(100) : Integer.MAX_VALUE);
        return present;
    }

    @Override
    public synchronized BuildConnection again() {
        BuildConnection another = first();
        if (refusal != null) {
            present.end(refusal);
        }
        return another;
    }

    @Override
    public synchronized void awaitCancelled() {
        awaited++;
    }

    private final class Connection implements BuildConnection {
        private final Deque<BuildRequest> arriving = new ArrayDeque<>();
        private final Deque<BuildEvent> first = new ArrayDeque<>();
        private int messagesLeft;
        private int next;
        private StatusException end;
        private boolean opened;

        Connection(int messages) {
            this.messagesLeft = messages;
        }

        void end(StatusException with) {
            synchronized (FakeDaemon.this) {
                end = with;
                FakeDaemon.this.notifyAll();
            }
        }

        /** Loses some of what is on its way. */
        private void count() {
            if (--messagesLeft <= 0) {
                while (arriving.size() > random.nextInt(ON_THE_WAY)) {
                    arriving.removeLast();
                }
                take();
                end(Status.UNAVAILABLE.asException());
            }
        }

        private void take() {
            while (!arriving.isEmpty() && !deaf) {
                BuildRequest request = arriving.remove();
                if (request.hasDockerfile()) {
                    String text = request.getDockerfile().toStringUtf8();
                    requests.add(Integer.parseInt(text, 0, text.indexOf(':'), 10));
                    FakeDaemon.this.notifyAll();
                }
            }
        }

        @Override
        public boolean write(BuildRequest request) throws InterruptedException, StatusException {
            synchronized (FakeDaemon.this) {
                if (end != null) {
                    return false;
                }
                if (!opened) {
                    open(request);
                    return true;
                }
                arriving.add(request);
                if (arriving.size() >= ON_THE_WAY) {
                    take();
                }
                FakeDaemon.this.notifyAll();
                count();
                return true;
            }
        }

        @Override
        public boolean write(BuildRequest request, Duration limit) throws InterruptedException, StatusException {
            return write(request);
        }

        private void open(BuildRequest request) {
            opened = true;
            next = (int) request.getResume().getReceived();
            if (request.hasResume()) {
                first.add(BuildEvent.newBuilder()
                        .setResumed(BuildResumed.newBuilder().setReceived(requests.size()))
                        .build());
                first.add(acknowledgement());
            } else if (session) {
                first.add(BuildEvent.newBuilder()
                        .setSession(BuildSession.newBuilder()
                                .setToken(ByteString.copyFromUtf8("token"))
                                .setPatienceSeconds(patience)
                                .setWindowBytes(WINDOW))
                        .build());
            }
            FakeDaemon.this.notifyAll();
        }

        private BuildEvent acknowledgement() {
            return BuildEvent.newBuilder()
                    .setAcknowledgement(BuildAcknowledgement.newBuilder().setReceived(requests.size()))
                    .build();
        }

        @Override
        public BuildEvent read() throws InterruptedException, StatusException {
            synchronized (FakeDaemon.this) {
                while (true) {
                    if (end != null) {
                        throw end;
                    }
                    if (!first.isEmpty()) {
                        return first.remove();
                    }
                    if (opened && next < events) {
                        count();
                        if (random.nextInt(5) == 0) {
                            take();
                            return acknowledgement();
                        }
                        return BuildEvent.newBuilder()
                                .setOutput(StepOutput.newBuilder()
                                        .setStep(next++)
                                        .setData(ByteString.copyFrom(new byte[size])))
                                .build();
                    }
                    take();
                    if (requests.size() >= expected && opened) {
                        return null;
                    }
                    if (!deaf) {
                        // What comes is acknowledged at once, so that whoever sends never waits for long.
                        FakeDaemon.this.wait(20);
                        take();
                        first.add(acknowledgement());
                    } else {
                        FakeDaemon.this.wait();
                    }
                }
            }
        }

        @Override
        public BuildEvent read(Duration limit) throws InterruptedException, StatusException {
            return read();
        }

        @Override
        public void cancel(String why, Throwable cause) {
            end(Status.CANCELLED.asException());
        }
    }
}
