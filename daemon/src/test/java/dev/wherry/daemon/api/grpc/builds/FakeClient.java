package dev.wherry.daemon.api.grpc.builds;

import com.google.protobuf.ByteString;
import dev.wherry.v1.BuildAcknowledgement;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A client that sends numbered requests, notes the numbers of events, and loses its connection at random moments. */
final class FakeClient {

    /** The numbers of the events, in the order in which they came. */
    final List<Integer> received = new ArrayList<>();

    private final Random random;
    private final int requests;
    private final int size;
    private FakeLink link;
    private int cutsLeft;
    private long acknowledged;
    private long window = Long.MAX_VALUE;
    private int eventsToRead;
    private Throwable end;

    /** @param requests to send, of about this size each */
    FakeClient(FakeLink first, Random random, int requests, int size) {
        this.random = random;
        this.requests = requests;
        this.size = size;
        this.cutsLeft = random.nextInt(12);
        connected(first);
    }

    void connected(FakeLink another) {
        link = another;
        eventsToRead = cutsLeft-- > 0 ? random.nextInt(120) : Integer.MAX_VALUE;
    }

    /** Talks until the connection is lost, or the build has ended, which it says. */
    boolean talk() throws InterruptedException {
        FakeLink present = link;
        Thread writer = null;
        for (int read = 0; read < eventsToRead; read++) {
            BuildEvent event = present.take();
            if (event == null) {
                break;
            }
            switch (event.getEventCase()) {
                case SESSION -> {
                    window = event.getSession().getWindowBytes();
                    writer = Thread.startVirtualThread(() -> write(present, 0));
                }
                case RESUMED -> {
                    long from = event.getResumed().getReceived();
                    writer = Thread.startVirtualThread(() -> write(present, (int) from));
                }
                case ACKNOWLEDGEMENT -> acknowledged(event.getAcknowledgement().getReceived());
                default -> {
                    received.add(event.getOutput().getStep());
                    if (received.size() % 4 == 0) {
                        int count = received.size();
                        present.arrive(BuildRequest.newBuilder()
                                .setAcknowledgement(
                                        BuildAcknowledgement.newBuilder().setReceived(count))
                                .build());
                    }
                }
            }
        }
        if (eventsToRead != Integer.MAX_VALUE) {
            present.cut();
        }
        end = present.awaitEnd().orElse(null);
        if (writer != null) {
            writer.interrupt();
            writer.join();
        }
        return !present.isLost();
    }

    /** What the last call threw. */
    Throwable end() {
        return end;
    }

    private synchronized void acknowledged(long count) {
        acknowledged = count;
        notifyAll();
    }

    private void write(FakeLink to, int from) {
        try {
            for (int i = from; i < requests; i++) {
                awaitWindow(i);
                ByteString data = ByteString.copyFromUtf8(i + ":").concat(ByteString.copyFrom(new byte[size]));
                if (!to.arrive(BuildRequest.newBuilder().setDockerfile(data).build())) {
                    return;
                }
            }
        } catch (InterruptedException cut) {
            // The next connection goes on.
        }
    }

    private synchronized void awaitWindow(int request) throws InterruptedException {
        while ((request - acknowledged) * (size + 300L) > window) {
            wait();
        }
    }
}
