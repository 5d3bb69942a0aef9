package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushedLayer;

/** Passes on the progress of a push to the client that asked for it. */
final class PushEvents implements PushProgress {

    private final ResponseSender<PushEvent> out;

    PushEvents(ResponseSender<PushEvent> out) {
        this.out = out;
    }

    @Override
    public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes, String from) {
        send(PushEvent.newBuilder()
                .setLayer(PushedLayer.newBuilder()
                        .setDiffId(layer.toString())
                        .setPhase(phase(phase))
                        .setCurrentBytes(currentBytes)
                        .setTotalBytes(totalBytes)
                        .setMountedFrom(from))
                .build());
    }

    void message(String line) {
        send(PushEvent.newBuilder().setMessage(line).build());
    }

    void result(PushResult result) {
        send(PushEvent.newBuilder()
                .setResult(dev.wherry.v1.PushResult.newBuilder()
                        .setReference(result.reference().toString())
                        .setDigest(result.digest().toString())
                        .setSizeBytes(result.size()))
                .build());
    }

    private static PushedLayer.Phase phase(Phase phase) {
        return switch (phase) {
            case PREPARING -> PushedLayer.Phase.PHASE_PREPARING;
            case COMPRESSING -> PushedLayer.Phase.PHASE_COMPRESSING;
            case WAITING -> PushedLayer.Phase.PHASE_WAITING;
            case PUSHING -> PushedLayer.Phase.PHASE_PUSHING;
            case PUSHED -> PushedLayer.Phase.PHASE_PUSHED;
            case EXISTS -> PushedLayer.Phase.PHASE_EXISTS;
            case MOUNTED -> PushedLayer.Phase.PHASE_MOUNTED;
        };
    }

    /** Layers report side by side; the stream takes one message at a time. */
    private synchronized void send(PushEvent event) {
        try {
            out.send(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the push was cancelled");
        }
    }
}
