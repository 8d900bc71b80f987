/// No values: the server rendered them into the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values;

impl Values {
    pub(super) fn set_text(&mut self, _: &'static str, _: impl Into<String>) {}

    pub(super) fn set_flag(&mut self, _: &'static str, _: bool) {}

    pub(super) fn insert_into(&mut self, _: &'static str, _: &'static str, _: impl Into<String>) {}

    pub(super) fn push(&mut self, _: &'static str, _: impl Into<String>) {}
}
