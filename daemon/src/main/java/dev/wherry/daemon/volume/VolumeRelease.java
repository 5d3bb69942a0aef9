package dev.wherry.daemon.volume;

import dev.wherry.daemon.event.Event;
import dev.wherry.daemon.volume.VolumeRemoval.Taken;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets go of the volumes of a container that is being removed: {@link #write} in the transaction that removes the
 * container, then {@link #done}, or {@link #undo} when the transaction failed.
 */
public final class VolumeRelease {

    private final String holder;
    private final VolumeRemoval removal;
    private final VolumeTable table;
    private final List<Taken> going = new ArrayList<>();
    private final List<LiveVolume> staying = new ArrayList<>();
    /** Those that stay, and go with another container from now on, or with none. */
    private final List<Volume> changed = new ArrayList<>();

    VolumeRelease(String holder, VolumeRemoval removal, VolumeTable table) {
        this.holder = holder;
        this.removal = removal;
        this.table = table;
    }

    void going(Taken taken) {
        going.add(taken);
    }

    /** @param goesWithNext whether an anonymous volume goes with the next of its holders, if there is one */
    void staying(LiveVolume live, boolean goesWithNext) {
        staying.add(live);
        if (live.volume().container().equals(holder)) {
            Optional<String> next = goesWithNext
                    ? live.holders.stream()
                            .filter(other -> !other.equals(holder))
                            .findFirst()
                    : Optional.empty();
            changed.add(live.volume().of(next.orElse("")));
        }
    }

    /** Writes the changes and returns the events, to be published after the transaction. */
    public List<Event> write(Connection connection) throws SQLException {
        List<Event> told = new ArrayList<>();
        for (Volume volume : changed) {
            VolumeRows.updateContainer(connection, volume);
        }
        for (Taken taken : going) {
            told.add(removal.deleteRow(connection, taken));
        }
        return told;
    }

    /** The transaction is over: files are removed in the background. */
    public void done() {
        end();
        going.forEach(removal::removeFilesInBackground);
    }

    private void end() {
        if (going.isEmpty() && staying.isEmpty()) {
            return;
        }
        table.lock.lock();
        try {
            changed.forEach(volume -> table.find(volume.name()).ifPresent(live -> live.become(volume)));
            staying.forEach(live -> table.letGo(live, holder));
            going.forEach(taken -> table.letGo(taken.live(), holder));
        } finally {
            table.lock.unlock();
        }
    }

    /** The transaction failed: everything is as before. */
    public void undo() {
        table.lock.lock();
        try {
            for (Taken taken : going) {
                removal.giveBack(taken);
                table.put(taken.live());
            }
        } finally {
            table.lock.unlock();
        }
    }
}
