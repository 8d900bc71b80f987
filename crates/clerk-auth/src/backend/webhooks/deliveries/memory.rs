//! The messages of one process.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::{Claim, Deliveries, DeliveryFuture, DeliveryStore};

pub(super) struct Memory {
    capacity: usize,
    messages: Mutex<Messages>,
}

#[derive(Default)]
struct Messages {
    by_id: HashMap<Arc<str>, Message>,
    /// The messages in the order in which they were claimed, some of which have been released or claimed again since.
    order: VecDeque<(Arc<str>, Instant)>,
}

struct Message {
    claimed_at: Instant,
    is_done: bool,
}

impl Memory {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            messages: Mutex::default(),
        }
    }

    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim_at(&self, id: &str, now: Instant) -> Claim {
        let mut messages = self.messages();
        match messages.by_id.get(id) {
            Some(message) if message.is_done && now < message.claimed_at + Deliveries::RETENTION => {
                return Claim::Done;
            }
            Some(message) if !message.is_done && now < message.claimed_at + Deliveries::LEASE => {
                return Claim::InProgress;
            }
            _ => {}
        }
        messages.insert(id.into(), now);
        messages.forget(self.capacity, now);
        Claim::Granted
    }
}

impl Messages {
    fn insert(&mut self, id: Arc<str>, now: Instant) {
        let message = Message {
            claimed_at: now,
            is_done: false,
        };
        self.by_id.insert(Arc::clone(&id), message);
        self.order.push_back((id, now));
    }

    fn forget(&mut self, capacity: usize, now: Instant) {
        while let Some((id, claimed_at)) = self.order.front()
            && (self.order.len() > capacity || now >= *claimed_at + Deliveries::RETENTION)
        {
            // It may have been claimed again since.
            if self
                .by_id
                .get(id)
                .is_some_and(|message| message.claimed_at == *claimed_at)
            {
                self.by_id.remove(id);
            }
            self.order.pop_front();
        }
    }
}

impl DeliveryStore for Memory {
    fn claim<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, Claim> {
        Box::pin(async move { Ok(self.claim_at(id, Instant::now())) })
    }

    fn complete<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, ()> {
        if let Some(message) = self.messages().by_id.get_mut(id) {
            message.is_done = true;
        }
        Box::pin(async { Ok(()) })
    }

    fn release<'a>(&'a self, id: &'a str) -> DeliveryFuture<'a, ()> {
        self.messages().by_id.remove(id);
        Box::pin(async { Ok(()) })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn complete(memory: &Memory, id: &str) {
        memory.complete(id).await.unwrap();
    }

    #[tokio::test]
    async fn a_message_is_remembered_for_two_days() {
        let (memory, now) = (Memory::new(10), Instant::now());
        assert_eq!(memory.claim_at("msg_1", now), Claim::Granted);
        complete(&memory, "msg_1").await;
        let end = now + Deliveries::RETENTION;
        assert_eq!(memory.claim_at("msg_1", end - SECOND), Claim::Done);
        assert_eq!(memory.claim_at("msg_1", end), Claim::Granted);
    }

    #[tokio::test]
    async fn an_interrupted_handler_keeps_its_claim_for_a_minute() {
        let (memory, now) = (Memory::new(10), Instant::now());
        assert_eq!(memory.claim_at("msg_1", now), Claim::Granted);
        let end = now + Deliveries::LEASE;
        assert_eq!(memory.claim_at("msg_1", end - SECOND), Claim::InProgress);
        assert_eq!(memory.claim_at("msg_1", end), Claim::Granted);
        assert_eq!(memory.claim_at("msg_1", end + SECOND), Claim::InProgress);
    }

    #[tokio::test]
    async fn the_oldest_messages_are_forgotten_first() {
        let (memory, now) = (Memory::new(2), Instant::now());
        for (number, id) in ["msg_1", "msg_2", "msg_3"].into_iter().enumerate() {
            let now = now + SECOND * u32::try_from(number).unwrap();
            assert_eq!(memory.claim_at(id, now), Claim::Granted);
            complete(&memory, id).await;
        }
        let later = now + 5 * SECOND;
        assert_eq!(memory.claim_at("msg_3", later), Claim::Done);
        assert_eq!(memory.claim_at("msg_2", later), Claim::Done);
        assert_eq!(memory.claim_at("msg_1", later), Claim::Granted);
        assert_eq!(memory.messages().by_id.len(), 2);
    }

    #[tokio::test]
    async fn a_message_that_is_claimed_again_does_not_age_with_its_first_claim() {
        let (memory, now) = (Memory::new(2), Instant::now());
        assert_eq!(memory.claim_at("msg_1", now), Claim::Granted);
        memory.release("msg_1").await.unwrap();
        assert_eq!(memory.claim_at("msg_1", now + SECOND), Claim::Granted);
        complete(&memory, "msg_1").await;
        assert_eq!(memory.claim_at("msg_2", now + 2 * SECOND), Claim::Granted);
        assert_eq!(memory.claim_at("msg_1", now + 3 * SECOND), Claim::Done);
    }
}
