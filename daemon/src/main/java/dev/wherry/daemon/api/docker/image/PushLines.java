package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.push.PushProgress;
import dev.wherry.daemon.image.push.PushResult;

/** A push as docker tells of it. */
final class PushLines implements PushProgress {

    private final ProgressLines lines;

    PushLines(ProgressLines lines) {
        this.lines = lines;
    }

    @Override
    public void layer(Digest layer, Phase phase, long currentBytes, long totalBytes, String from) {
        String id = PullLines.shortened(layer);
        switch (phase) {
            case PREPARING -> lines.step(id, "Preparing", 0, 0);
            case COMPRESSING -> lines.step(id, "Preparing", currentBytes, totalBytes);
            case WAITING -> lines.step(id, "Waiting", 0, 0);
            case PUSHING -> lines.step(id, "Pushing", currentBytes, totalBytes);
            case PUSHED -> lines.step(id, "Pushed", 0, 0);
            case EXISTS -> lines.step(id, "Layer already exists", 0, 0);
            case MOUNTED -> lines.step(id, "Mounted from " + from, 0, 0);
        }
    }

    void result(PushResult result) {
        String tag = result.reference().selector();
        lines.status(tag + ": digest: " + result.digest() + " size: " + result.size());
        ObjectNode line = ProgressLines.line();
        line.putObject("progressDetail");
        line.putObject("aux")
                .put("Tag", tag)
                .put("Digest", result.digest().toString())
                .put("Size", result.size());
        lines.send(line);
    }
}
