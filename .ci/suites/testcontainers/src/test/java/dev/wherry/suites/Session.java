package dev.wherry.suites;

import java.util.HashMap;
import java.util.Map;
import org.testcontainers.DockerClientFactory;

/** What belongs to this run of the tests, and ends with it. */
final class Session {

    private Session() {}

    /** The labels by which the reaper finds it. */
    static Map<String, String> labels() {
        Map<String, String> labels = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
        labels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
        return labels;
    }
}
