//! Lists.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// A part of a list, and how long the whole list is.
///
/// `limit` and `offset` of the parameters select the part.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// How many items there are altogether.
    pub total_count: i64,
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PageVisitor(PhantomData))
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PageVisitor<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list, or an object with `data` and `total_count`")
    }

    /// A list that comes without its total. It is whole.
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Page<T>, A::Error> {
        let mut data = Vec::with_capacity(list.size_hint().unwrap_or_default());
        while let Some(item) = list.next_element()? {
            data.push(item);
        }
        let total_count = i64::try_from(data.len()).unwrap_or(i64::MAX);
        Ok(Page { data, total_count })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut page: A) -> Result<Page<T>, A::Error> {
        let (mut data, mut total_count) = (None, None);
        while let Some(key) = page.next_key::<Box<str>>()? {
            match &*key {
                "data" | "m2m_tokens" => data = page.next_value::<Option<Vec<T>>>()?,
                "total_count" => total_count = page.next_value()?,
                _ => {
                    page.next_value::<IgnoredAny>()?;
                }
            }
        }
        let data = data.unwrap_or_default();
        let total_count = total_count.unwrap_or_else(|| i64::try_from(data.len()).unwrap_or(i64::MAX));
        Ok(Page { data, total_count })
    }
}
