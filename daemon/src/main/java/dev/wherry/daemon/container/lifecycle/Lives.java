package dev.wherry.daemon.container.lifecycle;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is known in memory of each container, by its ID. */
public final class Lives {

    private final Map<String, Live> lives = new ConcurrentHashMap<>();

    /** Made when first asked for. */
    public Live of(String id) {
        return lives.computeIfAbsent(id, absent -> new Live());
    }

    /** The container is gone. Whoever still holds its {@link Live} sees that it was removed. */
    void forget(String id) {
        lives.remove(id);
    }
}
