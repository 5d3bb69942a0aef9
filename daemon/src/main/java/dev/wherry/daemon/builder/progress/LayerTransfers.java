package dev.wherry.daemon.builder.progress;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.pull.PullProgress;

/** Reports layers on their way here as the transfers of a step. */
public record LayerTransfers(StepProgress step) implements PullProgress {

    @Override
    public void message(String line) {}

    @Override
    public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {
        if (phase == Phase.DOWNLOADING || phase == Phase.DOWNLOADED) {
            step.transferred("sha256:" + layer.shortHex(), currentBytes, totalBytes);
        }
    }
}
