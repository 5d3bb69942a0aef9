package dev.wherry.daemon.container.exec;

import dev.wherry.daemon.error.NotFoundException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The execs that run, and the last of those that have ended. */
final class KnownExecs {

    private static final int MOST_ENDED = 512;

    private static final int MOST_CREATED = 512;

    private final Map<String, Exec> execs = new LinkedHashMap<>();
    /** Those that nobody has started yet; the oldest are forgotten. */
    private final Map<String, Exec> created = new LinkedHashMap<>();

    synchronized void addCreated(Exec exec) {
        created.put(exec.id(), exec);
        Iterator<String> oldest = created.keySet().iterator();
        while (created.size() > MOST_CREATED) {
            oldest.next();
            oldest.remove();
        }
    }

    synchronized boolean isCreated(Exec exec) {
        return created.containsKey(exec.id());
    }

    /** Whether nobody has started it before; from now on its ID is that of the exec which is being started. */
    synchronized boolean claim(Exec exec, Exec started) {
        if (created.remove(exec.id()) == null) {
            return false;
        }
        add(started);
        return true;
    }

    synchronized void add(Exec exec) {
        execs.put(exec.id(), exec);
        long ended = execs.values().stream().filter(KnownExecs::hasEnded).count();
        Iterator<Exec> oldest = execs.values().iterator();
        while (ended > MOST_ENDED && oldest.hasNext()) {
            if (hasEnded(oldest.next())) {
                oldest.remove();
                ended--;
            }
        }
    }

    synchronized void remove(Exec exec) {
        execs.remove(exec.id());
    }

    synchronized Exec named(String reference) {
        Exec exact = execs.getOrDefault(reference, created.get(reference));
        if (exact != null) {
            return exact;
        }
        List<Exec> found = execs.values().stream()
                .filter(exec -> !reference.isEmpty() && exec.id().startsWith(reference))
                .toList();
        if (found.size() != 1) {
            throw new NotFoundException("exec instance", reference);
        }
        return found.getFirst();
    }

    synchronized List<Exec> running(String container) {
        return execs.values().stream()
                .filter(exec -> exec.container().equals(container) && !hasEnded(exec))
                .toList();
    }

    private static boolean hasEnded(Exec exec) {
        return exec.exit().isPresent();
    }
}
