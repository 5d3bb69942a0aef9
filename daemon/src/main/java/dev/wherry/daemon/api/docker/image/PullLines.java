package dev.wherry.daemon.api.docker.image;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.pull.PullProgress;
import dev.wherry.daemon.image.pull.PullResult;
import java.util.HashSet;
import java.util.Set;

/** A pull as docker tells of it. */
final class PullLines implements PullProgress {

    private static final int SHORT = 12;

    private final ProgressLines lines;
    private final Set<Digest> begun = new HashSet<>();
    /** Held back until there is something to pull: an image that is not there is an answer of status 404. */
    private ObjectNode opening;

    PullLines(ProgressLines lines) {
        this.lines = lines;
    }

    static String shortened(Digest digest) {
        return digest.hex().substring(0, SHORT);
    }

    @Override
    public synchronized void message(String line) {
        int colon = line.indexOf(": Pulling from ");
        if (colon < 0) {
            open();
            lines.status(line);
        } else {
            opening = ProgressLines.line()
                    .put("status", line.substring(colon + 2))
                    .put("id", line.substring(0, colon));
        }
    }

    private void open() {
        if (opening != null) {
            lines.send(opening);
            opening = null;
        }
    }

    @Override
    public synchronized void layer(Digest layer, Phase phase, long currentBytes, long totalBytes) {
        open();
        String id = shortened(layer);
        if (phase != Phase.EXISTS && begun.add(layer)) {
            lines.step(id, "Pulling fs layer", 0, 0);
        }
        switch (phase) {
            case WAITING -> {}
            case DOWNLOADING -> lines.step(id, "Downloading", currentBytes, totalBytes);
            case DOWNLOADED -> lines.step(id, "Download complete", 0, 0);
            case EXTRACTING -> lines.step(id, "Extracting", currentBytes, totalBytes);
            case DONE -> lines.step(id, "Pull complete", 0, 0);
            case EXISTS -> lines.step(id, "Already exists", 0, 0);
        }
    }

    synchronized void result(PullResult result) {
        open();
        lines.status("Digest: " + result.digest());
        lines.status("Status: "
                + (result.upToDate() ? "Image is up to date for " : "Downloaded newer image for ")
                + result.reference().familiar());
    }
}
