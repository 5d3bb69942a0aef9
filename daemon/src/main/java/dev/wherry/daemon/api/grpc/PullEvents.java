package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.pull.PullProgress;
import dev.wherry.daemon.image.pull.PullResult;
import dev.wherry.v1.LayerProgress;
import dev.wherry.v1.PullEvent;

/** Passes on the progress of a pull to the client that asked for it. */
final class PullEvents implements PullProgress {

    private final ResponseSender<PullEvent> out;

    PullEvents(ResponseSender<PullEvent> out) {
        this.out = out;
    }

    @Override
    public void message(String line) {
        send(PullEvent.newBuilder().setMessage(line).build());
    }

    @Override
    public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {
        send(PullEvent.newBuilder()
                .setLayer(LayerProgress.newBuilder()
                        .setDigest(layer.toString())
                        .setPhase(phase(phase))
                        .setCurrentBytes(currentBytes)
                        .setTotalBytes(totalBytes))
                .build());
    }

    void result(PullResult result) {
        send(PullEvent.newBuilder()
                .setResult(dev.wherry.v1.PullResult.newBuilder()
                        .setReference(result.reference().toString())
                        .setDigest(result.digest().toString())
                        .setImageId(result.image().id().toString())
                        .setUpToDate(result.upToDate()))
                .build());
    }

    private static LayerProgress.Phase phase(Phase phase) {
        return switch (phase) {
            case WAITING -> LayerProgress.Phase.PHASE_WAITING;
            case DOWNLOADING -> LayerProgress.Phase.PHASE_DOWNLOADING;
            case DOWNLOADED -> LayerProgress.Phase.PHASE_DOWNLOADED;
            case EXTRACTING -> LayerProgress.Phase.PHASE_EXTRACTING;
            case DONE -> LayerProgress.Phase.PHASE_DONE;
            case EXISTS -> LayerProgress.Phase.PHASE_EXISTS;
        };
    }

    private void send(PullEvent event) {
        try {
            out.send(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the pull was cancelled");
        }
    }
}
