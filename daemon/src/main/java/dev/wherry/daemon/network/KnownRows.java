package dev.wherry.daemon.network;

import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Durability;
import java.util.concurrent.locks.ReentrantLock;

/** Rows that are kept in memory and read again only after a change, which nobody makes but through here. */
final class KnownRows<T> {

    private final Database database;
    private final Durability durability;
    private final Database.Work<T> query;
    /** Guards the rows. No monitor: a virtual thread that waits for one keeps its carrier in an executable. */
    private final ReentrantLock reading = new ReentrantLock();
    /** Null when they must be read again. */
    private T known;

    /** @param durability of the changes */
    KnownRows(Database database, Durability durability, Database.Work<T> query) {
        this.database = database;
        this.durability = durability;
        this.query = query;
    }

    T get() {
        reading.lock();
        try {
            if (known == null) {
                known = database.read(query);
            }
            return known;
        } finally {
            reading.unlock();
        }
    }

    /** Runs a change of the rows. */
    <R> R change(Database.Work<R> work) {
        try {
            return database.write(durability, work);
        } finally {
            reading.lock();
            try {
                known = null;
            } finally {
                reading.unlock();
            }
        }
    }
}
