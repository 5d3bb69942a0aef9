package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.container.Container;
import dev.wherry.v1.PruneContainersRequest;
import java.util.Map;
import java.util.function.Predicate;

/** Which containers a pruning is to take, as messages of the API say it. */
final class PruneMessages {

    private PruneMessages() {}

    static Predicate<Container> condition(PruneContainersRequest request) {
        return container -> {
            Map<String, String> labels = container.settings().labels();
            long until = request.getUntilNanos();
            return (until == 0 || Times.nanos(container.createdAt()) < until)
                    && request.getLabelsList().stream().allMatch(label -> has(labels, label))
                    && request.getWithoutLabelsList().stream().noneMatch(label -> has(labels, label));
        };
    }

    private static boolean has(Map<String, String> labels, String label) {
        int equals = label.indexOf('=');
        return equals < 0
                ? labels.containsKey(label)
                : label.substring(equals + 1).equals(labels.get(label.substring(0, equals)));
    }
}
