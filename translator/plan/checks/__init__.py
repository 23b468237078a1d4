"""The checks of a plan, by topic; `translator.plan.check` lists them with their ids."""
