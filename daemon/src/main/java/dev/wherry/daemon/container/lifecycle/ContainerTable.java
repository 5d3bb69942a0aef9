package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.metadata.Database;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The containers in memory, equal to the rows of the database. The daemon is the only writer: it reads the rows once,
 * when it starts, and {@link Transitions} writes each change to the database and then here.
 */
@Singleton
public final class ContainerTable implements Containers {

    private static final Comparator<Container> NEWEST_FIRST =
            Comparator.comparing(Container::createdAt).reversed().thenComparing(Container::id);

    private final ConcurrentSkipListMap<String, Container> byId = new ConcurrentSkipListMap<>();
    /** IDs by name. A name is taken before its row is written. */
    private final Map<String, String> names = new ConcurrentHashMap<>();

    public ContainerTable(Database database) {
        for (Container container : database.read(ContainerRows::all)) {
            byId.put(container.id(), container);
            names.put(container.name(), container.id());
        }
    }

    /** @throws ConflictException when another container has the name */
    public void takeName(String name, String id) {
        String holder = names.putIfAbsent(name, id);
        if (holder != null && !holder.equals(id)) {
            throw new ConflictException("the container name \"" + name + "\" is already in use by container "
                    + holder.substring(0, 12) + ": remove or rename that container, or choose another name");
        }
    }

    public void giveNameBack(String name, String id) {
        names.remove(name, id);
    }

    /** Takes over what was written. */
    public void put(Container container) {
        byId.put(container.id(), container);
    }

    /** Takes over that the row was deleted. */
    public void remove(Container container) {
        byId.remove(container.id());
        names.remove(container.name(), container.id());
    }

    /** Finds a container by its whole ID. */
    Container existing(String id) {
        return find(id).orElseThrow(() -> new NotFoundException("container", id));
    }

    @Override
    public Optional<Container> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    @Override
    public Container get(String reference) {
        String name = reference.startsWith("/") ? reference.substring(1) : reference;
        Container whole = byId.get(name);
        if (whole != null) {
            return whole;
        }
        String id = names.get(name);
        // A name without a row is of a container that is just being made.
        Container called = id == null ? null : byId.get(id);
        return called != null ? called : beginningWith(name, reference);
    }

    private Container beginningWith(String prefix, String reference) {
        if (!prefix.matches("[0-9a-f]{1,64}")) {
            throw new NotFoundException("container", reference);
        }
        Collection<Container> found =
                byId.subMap(prefix, true, prefix + "g", false).values();
        return switch (found.stream().limit(2).toList()) {
            case List<Container> one when one.size() == 1 -> one.getFirst();
            case List<Container> none when none.isEmpty() -> throw new NotFoundException("container", reference);
            case List<Container> several ->
                throw new NotFoundException(
                        "container",
                        reference,
                        "several containers have an ID that begins with \"" + prefix + "\": give more of it");
        };
    }

    @Override
    public List<Container> list() {
        return byId.values().stream().sorted(NEWEST_FIRST).toList();
    }
}
