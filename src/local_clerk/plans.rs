//! The three plans that the local Clerk sells.

/// A plan for users. Amounts are in US cents.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) id: &'static str,
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
    pub(super) monthly: i64,
    /// What a month costs when a year is paid at once.
    pub(super) annual_monthly: i64,
    pub(super) features: &'static [Feature],
}

#[derive(Debug)]
pub(super) struct Feature {
    pub(super) slug: &'static str,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

const PROJECTS: Feature = Feature {
    slug: "projects",
    name: "Projects",
    description: "Keep your work in projects",
};
const EXPORT: Feature = Feature {
    slug: "export",
    name: "Data export",
    description: "Take your data with you",
};
const ANALYTICS: Feature = Feature {
    slug: "analytics",
    name: "Analytics",
    description: "See how your projects do",
};
const COLLABORATION: Feature = Feature {
    slug: "collaboration",
    name: "Collaboration",
    description: "Work on projects together",
};
const SUPPORT: Feature = Feature {
    slug: "priority_support",
    name: "Priority support",
    description: "An answer within a day",
};

static PLANS: [Plan; 3] = [
    Plan {
        id: "cplan_local_free",
        slug: "free_user",
        name: "Free",
        description: "Everything to get started",
        monthly: 0,
        annual_monthly: 0,
        features: &[PROJECTS],
    },
    Plan {
        id: "cplan_local_pro",
        slug: "pro",
        name: "Pro",
        description: "For serious work of your own",
        monthly: 1_200,
        annual_monthly: 1_000,
        features: &[PROJECTS, EXPORT, ANALYTICS],
    },
    Plan {
        id: "cplan_local_team",
        slug: "team",
        name: "Team",
        description: "For working together",
        monthly: 4_900,
        annual_monthly: 4_000,
        features: &[PROJECTS, EXPORT, ANALYTICS, COLLABORATION, SUPPORT],
    },
];

impl Plan {
    pub(super) const fn is_paid(&self) -> bool {
        self.monthly > 0
    }
}

pub(super) fn all() -> &'static [Plan] {
    &PLANS
}

/// The plan that everybody has to begin with.
pub(super) fn default_plan() -> &'static Plan {
    &PLANS[0]
}

pub(super) fn by_slug_or_id(key: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.slug == key || plan.id == key)
}
