package dev.wherry.daemon.api.server;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.test.Drop;
import dev.wherry.test.FlowService;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Streams without end, and counts how far they got. */
@GrpcService
final class FlowEndpoint implements FlowService {

    static final ByteString LITRE = ByteString.copyFrom(new byte[64 * 1024]);

    /** Calls without end that have not ended yet. */
    static final AtomicInteger open = new AtomicInteger();

    static final AtomicInteger poured = new AtomicInteger();
    static final AtomicInteger interrupted = new AtomicInteger();
    static final AtomicInteger drained = new AtomicInteger();
    static volatile CountDownLatch drain = new CountDownLatch(1);

    private final CallRunner calls;

    FlowEndpoint(CallRunner calls) {
        this.calls = calls;
    }

    @Override
    public Multi<Drop> pour(Drop request) {
        Drop drop = Drop.newBuilder().setData(LITRE).build();
        return calls.stream(out -> countInterrupt(() -> {
            while (true) {
                out.send(drop);
                poured.incrementAndGet();
            }
        }));
    }

    @Override
    public Uni<Drop> drain(Multi<Drop> requests) {
        return calls.receive(requests, in -> {
            drain.await();
            while (in.next().isPresent()) {
                drained.incrementAndGet();
            }
            return Drop.getDefaultInstance();
        });
    }

    @Override
    public Uni<Drop> wait(Drop request) {
        if (!request.getData().isEmpty()) {
            return calls.on(() -> {
                throw new NotFoundException("image", request.getData().toStringUtf8());
            });
        }
        return calls.on(() -> {
            countInterrupt(() -> new CountDownLatch(1).await());
            return request;
        });
    }

    private interface Endless {
        void run() throws InterruptedException;
    }

    private static void countInterrupt(Endless work) throws InterruptedException {
        open.incrementAndGet();
        try {
            work.run();
        } finally {
            interrupted.incrementAndGet();
            open.decrementAndGet();
        }
    }
}
